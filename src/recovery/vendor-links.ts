import type { DatedList } from '../clients/pardot.ts';
import { DAY } from '../clock.ts';
import type { PardotCampaign, Session } from '../domain.ts';
import { isLinkName, linkName } from '../reconcile/names.ts';
import { sessionDescribedBy } from '../reconcile/session-links.ts';

/** A link as the vendors show it. */
export interface FoundLink {
  readonly session: Session;
  readonly name: string;
  readonly campaign: PardotCampaign;
  readonly listId: number;
  /** When the list was made. */
  readonly madeAtMs: number;
}

/**
 * Sessions with the campaigns and lists that were made for them: a list carries the id of its session in the
 * description and the id of its campaign in a field. Of several lists of a session the oldest, as everywhere.
 */
export function linksAmong(
  lists: readonly DatedList[],
  campaigns: readonly PardotCampaign[],
  sessions: readonly Session[],
): FoundLink[] {
  const campaignById = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  const sessionById = new Map(sessions.map((session) => [session.id, session]));
  const found = new Map<string, FoundLink>();
  for (const list of lists.toSorted((a, b) => a.id - b.id)) {
    const session = sessionById.get(sessionDescribedBy(list.description) ?? '');
    const campaign = campaignById.get(list.campaignId ?? 0);
    if (!session || !campaign || campaign.isDeleted || found.has(session.id)) continue;
    const { name } = campaign;
    found.set(session.id, {
      session,
      // A name that somebody gave stays: nothing at the vendors has ours, so nothing is renamed.
      name: isLinkName(name) ? name : linkName(name, session.estimatedStartedAtMs),
      campaign,
      listId: list.id,
      madeAtMs: list.createdAtMs,
    });
  }
  return [...found.values()];
}

/**
 * When the connector was first started, as far as its traces tell: not after the oldest session that was linked when
 * it was new. Sessions that were taken in later by an admin say nothing about it.
 */
export function activationOf(links: readonly FoundLink[]): number | null {
  const times = links.map(({ session, madeAtMs }) =>
    madeAtMs - session.createdAtMs < DAY ? session.createdAtMs : madeAtMs,
  );
  return times.length === 0 ? null : Math.min(...times);
}
