import type { FormRoute, LinkTarget, Severity, Warning } from '../../questions/link-facts.ts';
import { isOpen } from '../../questions/lint-links.ts';
import { table } from '../table.ts';

export interface LinksView {
  readonly routes: readonly FormRoute[];
  readonly targets: readonly LinkTarget[];
  readonly warnings: readonly Warning[];
}

/** What `links --json` prints. Instants are ISO 8601 UTC or null. */
export function linksJson({ routes, targets, warnings }: LinksView): object {
  return {
    forms: routes.map(({ form, name, campaignId, campaignName, inner, target, submissions, lastAtMs }) => ({
      form,
      name,
      campaign_id: campaignId,
      campaign_name: campaignName,
      form_inside: inner?.form ?? null,
      session_id: target?.session.id ?? null,
      submissions,
      last_submission_at: iso(lastAtMs),
    })),
    sessions: targets.map(({ session, link }) => ({
      session_id: session.id,
      name: link.name,
      status: session.goneAtMs === null ? session.status : 'gone',
      pardot_campaign_id: link.pardotCampaignId,
      list_id: link.listId,
    })),
    warnings: warnings.map(({ severity, kind, form, sessionId, text }) => ({
      severity,
      kind,
      form,
      session_id: sessionId,
      text,
    })),
  };
}

const TITLES: Readonly<Record<Severity, string>> = {
  loses: 'People are being lost',
  warning: 'Something is amiss',
  note: 'To know',
};

export function renderLinks({ routes, targets, warnings }: LinksView, all: boolean): string {
  const linked = routes.filter(({ target }) => target !== null);
  const strays = routes.filter(({ target }) => target === null);
  const shown = all ? [...linked, ...strays] : linked;
  const noted = (Object.keys(TITLES) as Severity[]).flatMap((severity) => {
    const texts = warnings.filter((warning) => warning.severity === severity).map(({ text }) => `  ${text}`);
    return texts.length === 0 ? [] : [`\n${TITLES[severity]}\n${texts.join('\n')}\n`];
  });
  const hidden = all || strays.length === 0 ? '' : `\n${others(strays.length)}; --all shows them.\n`;
  const open = targets.filter(({ session }) => isOpen(session)).length;
  return `${forms(shown) || 'No form leads to a session.\n'}${hidden}${noted.join('')}\n${open} of ${targets.length} linked sessions are open.\n`;
}

function others(count: number): string {
  return count === 1 ? '1 other form belongs to no session' : `${count} other forms belong to no session`;
}

function forms(routes: readonly FormRoute[]): string {
  const rows = routes.map(({ form, name, campaignId, target, submissions, lastAtMs }) => [
    form.replace(':', ' ').replace('_', ' '),
    name,
    String(campaignId ?? 'none'),
    target?.link.name ?? '-',
    target ? statusOf(target) : '-',
    String(submissions),
    iso(lastAtMs) ?? '-',
  ]);
  return table(['form', 'name', 'campaign', 'session', 'status', 'submissions', 'last'], rows);
}

function statusOf({ session }: LinkTarget): string {
  return session.goneAtMs === null ? session.status : 'gone';
}

function iso(epochMs: number | null): string | null {
  return epochMs === null ? null : `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
