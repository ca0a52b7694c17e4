import type { WantedEffect } from '../store/effects.ts';
import type { SessionLink } from '../store/links.ts';
import type { KnownSession } from '../store/sessions.ts';
import { linkName, redated } from './names.ts';

export interface CampaignPayload {
  readonly name: string;
  /** `YYYY-MM-DD`, or null when the session has no date yet. */
  readonly startDate: string | null;
}

export interface ListPayload {
  readonly name: string;
  readonly campaignId: number;
}

export interface LinkRules {
  /** Sessions created earlier get no link. */
  readonly activatedAtMs: number;
  readonly isEventWanted: (event: { id: string; title: string }) => boolean;
  /** Sessions that an admin has taken in although they are older; none without it. */
  readonly isAdmitted?: (sessionId: string) => boolean;
  /** Sessions or events that the configuration ties to campaigns of its own. */
  readonly existing: readonly ExistingLink[];
}

export interface ExistingLink {
  /** Exactly one of the two. */
  readonly session: string | null;
  readonly event: string | null;
  readonly pardotCampaign: number;
  readonly list: number | null;
}

/** A session that gets a campaign and a list: created after activation, published, neither canceled nor a breakout room. */
export function deservesLink(session: KnownSession, rules: LinkRules): boolean {
  const { event } = session;
  if (!event?.published || !rules.isEventWanted(event)) return false;
  const isOpen =
    ['upcoming', 'live', 'on_demand', 'past'].includes(session.status) && session.goneAtMs === null;
  const isOurs = session.createdAtMs >= rules.activatedAtMs || rules.isAdmitted?.(session.id) === true;
  return isOpen && !session.isBreakoutRoom && isOurs;
}

/** Which links are to be made, under which frozen name. */
export function planLinks(
  sessions: readonly KnownSession[],
  links: readonly SessionLink[],
  rules: LinkRules,
): PlannedLink[] {
  const linked = new Set(links.map((link) => link.sessionId));
  const unlinked = sessions.filter((session) => !linked.has(session.id));
  const adopted = adoptable(unlinked, links, rules.existing);
  return unlinked.flatMap((session) => {
    const existing = adopted.get(session.id) ?? null;
    if (!existing && !deservesLink(session, rules)) return [];
    const name = linkName(session.event?.title ?? '', session.estimatedStartedAtMs);
    return [{ sessionId: session.id, name, existing }];
  });
}

/** Session id → the link the configuration wants for it. An event's link goes to its one open session. */
function adoptable(
  unlinked: readonly KnownSession[],
  links: readonly SessionLink[],
  existing: readonly ExistingLink[],
): Map<string, ExistingLink> {
  const taken = new Set(links.map((link) => link.pardotCampaignId));
  const open = unlinked.filter(
    ({ status, isBreakoutRoom }) => ['upcoming', 'live', 'on_demand'].includes(status) && !isBreakoutRoom,
  );
  return new Map(
    existing
      .filter((link) => !taken.has(link.pardotCampaign))
      .flatMap((link) => {
        const meant = open.filter(({ id, eventId }) => id === link.session || eventId === link.event);
        // With several open sessions nobody can tell which one a form means.
        const [only, ...others] = meant;
        return only && others.length === 0 ? [[only.id, link] as const] : [];
      }),
  );
}

export interface PlannedLink {
  readonly sessionId: string;
  readonly name: string;
  /** null: campaign and list are to be made. */
  readonly existing: ExistingLink | null;
}

/** The writes a link still needs: its campaign; once that is mirrored, its list. */
export function planLinkEffects(
  link: SessionLink,
  session: KnownSession,
): WantedEffect<CampaignPayload | ListPayload>[] {
  const { sessionId, name } = link;
  if (link.origin === 'made' && link.salesforceCampaignId === null) {
    const startMs = session.estimatedStartedAtMs;
    const startDate = startMs === null ? null : new Date(startMs).toISOString().slice(0, 10);
    return [{ kind: 'salesforce_campaign', naturalKey: sessionId, sessionId, payload: { name, startDate } }];
  }
  if (link.pardotCampaignId === null || link.listId !== null) return [];
  const payload = { name, campaignId: link.pardotCampaignId };
  return [{ kind: 'pardot_list', naturalKey: sessionId, sessionId, payload }];
}

export interface RenamePayload {
  readonly from: string;
  readonly to: string;
}

/**
 * A session that was moved gets its new date into the names of campaign and list; the title stays as it was. It may
 * have begun before the list was made.
 */
export function planRename(link: SessionLink, session: KnownSession): WantedEffect<RenamePayload> | null {
  if (link.origin !== 'made' || link.listId === null) return null;
  const hasBegun = session.status === 'live' || session.status === 'past';
  if (session.status !== 'upcoming' && !(hasBegun && session.estimatedStartedAtMs !== null)) return null;
  const to = redated(link.name, session.estimatedStartedAtMs);
  if (to === link.name) return null;
  const { sessionId, name: from } = link;
  return { kind: 'link_rename', naturalKey: `${sessionId}/${from}/${to}`, sessionId, payload: { from, to } };
}
