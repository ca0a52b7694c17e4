import { DAY, isoSeconds } from '../clock.ts';
import { OUTCOMES } from '../domain.ts';
import { closedBecause } from '../reconcile/plan-registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { FormRoute, LinkTarget, LintFacts, Severity, Warning } from './link-facts.ts';
import { fieldWarnings } from './lint-fields.ts';

/** Longer without a submission, and nobody is lost any more. */
const RECENT = 30 * DAY;

/** Everything that looks wrong between forms, campaigns and sessions; what loses people first. */
export function lintLinks(facts: LintFacts, nowMs: number): Warning[] {
  const { routes, targets } = facts;
  const open = targets.filter(({ session }) => isOpen(session));
  const warnings = [
    ...routes.flatMap((route) => [...routeWarnings(route, open, nowMs), ...pageWarnings(route, targets)]),
    ...open.flatMap((target) => [
      ...targetWarnings(target, routes),
      ...fieldWarnings(target, routesTo(target, routes), facts.mapping),
    ]),
  ];
  const order: readonly Severity[] = ['loses', 'warning', 'note'];
  return order.flatMap((severity) => warnings.filter((warning) => warning.severity === severity));
}

function routeWarnings(route: FormRoute, open: readonly LinkTarget[], nowMs: number): Warning[] {
  const { target, campaignId, lastAtMs, form, name, sinceClosed } = route;
  const isLive = lastAtMs !== null && nowMs - lastAtMs < RECENT;
  const warn = (severity: Severity, kind: Warning['kind'], text: string): Warning[] => [
    { severity, kind, form, sessionId: target?.session.id ?? null, text },
  ];
  if (target) {
    const closed = closedBecause(target.session);
    if (closed === null || closed === 'session_not_published' || !isLive || sinceClosed === 0) return [];
    const count = sinceClosed === 1 ? '1 submission' : `${sinceClosed} submissions`;
    return warn(
      'loses',
      'session_closed',
      `"${name}" is still submitted, ${count} since, but ${OUTCOMES[closed]}: ${target.link.name}`,
    );
  }
  if (campaignId === null) {
    return isLive
      ? warn('loses', 'no_campaign', `"${name}" has no campaign: nobody who submits it is registered`)
      : [];
  }
  const namesake = open.find(({ session }) => resembles(name, session.event?.title ?? ''));
  if (!namesake && !(route.ledSomewhere && isLive)) return [];
  const campaign = `campaign ${campaignId}${route.campaignName ? ` "${route.campaignName}"` : ''}`;
  const why = namesake ? `is named like ${namesake.link.name}` : 'led to a session before';
  return warn('loses', 'campaign_unlinked', `"${name}" ${why}, but its ${campaign} belongs to no session`);
}

/** A landing page's submissions may carry its own campaign or that of the form inside (pardot.md §4.4). */
function pageWarnings(
  { form, name, campaignId, inner }: FormRoute,
  targets: readonly LinkTarget[],
): Warning[] {
  if (!inner || inner.campaignId === campaignId) return [];
  const [page, within] = [campaignId, inner.campaignId].map((id) =>
    targets.find(({ link }) => id !== null && link.pardotCampaignId === id),
  );
  if (!page && !within) return [];
  const isTorn = page !== undefined && within !== undefined;
  const text = isTorn
    ? `"${name}" leads to ${page.link.name}, the form in it (${inner.form.replace(':', ' ')}) to ${within.link.name}: either may be taken`
    : `"${name}" and the form in it (${inner.form.replace(':', ' ')}) carry different campaigns, ${campaignId ?? 'none'} and ${inner.campaignId ?? 'none'}; only one of them belongs to a session`;
  const sessionId = (page ?? within)?.session.id ?? null;
  return [{ severity: isTorn ? 'loses' : 'warning', kind: 'landing_page_differs', form, sessionId, text }];
}

function targetWarnings(target: LinkTarget, routes: readonly FormRoute[]): Warning[] {
  const { session, link } = target;
  const mine = routesTo(target, routes);
  const note = (kind: Warning['kind'], text: string): Warning => ({
    ...{ severity: 'note' as const, kind, form: null, sessionId: session.id, text: `${link.name}: ${text}` },
  });
  const inPages = new Set(mine.flatMap(({ inner }) => inner?.form ?? []));
  const doors = mine.filter(({ form }) => !inPages.has(form));
  const notes = [];
  if (link.pardotCampaignId === null)
    notes.push(
      note(
        'link_incomplete',
        `its campaign is not mirrored to Account Engagement yet, made ${isoSeconds(link.campaignMadeAtMs ?? link.createdAtMs)}`,
      ),
    );
  else if (mine.length === 0)
    notes.push(note('no_form', `no form carries its campaign ${link.pardotCampaignId}`));
  if (doors.length > 1)
    notes.push(
      note(
        'several_forms',
        `${doors.length} forms lead here: ${doors.map(({ form, name }) => `${form.replace(':', ' ')} "${name}"`).join(', ')}`,
      ),
    );
  if (closedBecause(session) === 'session_not_published')
    notes.push(note('not_published', 'its event is not published: whoever submits is registered when it is'));
  return notes;
}

function routesTo({ session }: LinkTarget, routes: readonly FormRoute[]): FormRoute[] {
  return routes.filter(({ target }) => target?.session.id === session.id);
}

export function isOpen(session: KnownSession): boolean {
  const closed = closedBecause(session);
  return closed === null || closed === 'session_not_published';
}

/** A hint for people only: nobody is ever routed by names. */
function resembles(name: string, title: string): boolean {
  const [form, event] = [name, title].map((text) => text.trim().toLowerCase());
  return event !== undefined && event.length > 5 && form?.includes(event) === true;
}
