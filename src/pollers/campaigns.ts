import type { PardotClient } from '../clients/pardot.ts';
import { type Clock, DAY, MINUTE } from '../clock.ts';
import { sameSalesforceId } from '../domain.ts';
import type { Counts, Run } from '../job.ts';
import type { Logger } from '../logger.ts';
import type { SessionLink } from '../store/links.ts';
import type { Store } from '../store/store.ts';

interface Cursor {
  readonly polledAtMs: number;
}

const STREAM = 'campaigns';
const TAKEN = 'links.existing has tied the campaign of this session to another session';
/** The two vendors' clocks and the connector may disagree by this much. */
const MARGIN = 10 * MINUTE;
/** The connector's own word: normally 10 minutes, now and then 30 (salesforce.md §5). */
const LATE = 30 * MINUTE;
/** Our own clock may have been further off when the campaign was made: a late mirror is looked for this far back. */
const LATE_MARGIN = DAY;

/**
 * Looks for the mirrors that Connected Campaigns makes of our Salesforce campaigns. Costs nothing while none is
 * awaited; a mirror that is late is asked for less often, and reported.
 */
export function campaignsPoller(parts: {
  pardot: PardotClient;
  store: Store;
  clock: Clock;
  log: Logger;
}): (run: Run) => Promise<Counts> {
  return async (run) => {
    const { store } = parts;
    const nowMs = parts.clock.now();
    const awaiting = store.links.awaitingMirror();
    const cursor = store.checkpoints.read<Cursor>(STREAM);
    if (awaiting.length === 0) return {};
    if (!run.forced && !isDue(awaiting, cursor, nowMs)) return {};
    // Made in the future: the clock was set back since.
    const oldestMs = Math.min(nowMs, ...awaiting.map(madeAtMs));
    const isLate = nowMs - oldestMs > LATE;
    const campaigns = await parts.pardot.listCampaigns(
      { updatedSinceMs: oldestMs - (isLate ? LATE_MARGIN : MARGIN) },
      run.call('discovery'),
    );
    const found = awaiting.flatMap((link) => {
      const mirror = campaigns.find(
        ({ salesforceId, isDeleted }) =>
          !isDeleted &&
          salesforceId !== null &&
          link.salesforceCampaignId !== null &&
          sameSalesforceId(salesforceId, link.salesforceCampaignId),
      );
      return mirror ? [{ sessionId: link.sessionId, campaignId: mirror.id }] : [];
    });
    const taken = new Set(store.links.all().map(({ pardotCampaignId }) => pardotCampaignId));
    const free = found.filter(({ campaignId }) => !taken.has(campaignId));
    for (const link of found) if (taken.has(link.campaignId)) parts.log.warn(link, TAKEN);
    store.transaction(() => {
      for (const { sessionId, campaignId } of free) store.links.mirrored(sessionId, campaignId, nowMs);
      store.checkpoints.advance(STREAM, { polledAtMs: nowMs } satisfies Cursor, nowMs);
    });
    if (isLate && awaiting.length > found.length) {
      parts.log.warn(
        { count: awaiting.length - found.length },
        'Pardot still shows no campaign for a Salesforce campaign: check Connected Campaigns, its record types and whether the connector is paused',
      );
    }
    return { mirrored: free.length };
  };
}

function isDue(awaiting: readonly SessionLink[], cursor: Cursor | undefined, nowMs: number): boolean {
  if (!cursor) return true;
  const youngestMs = nowMs - Math.max(...awaiting.map(madeAtMs));
  const intervalMs = youngestMs < 45 * MINUTE ? 0 : 10 * MINUTE;
  return nowMs - cursor.polledAtMs >= intervalMs || nowMs < cursor.polledAtMs;
}

function madeAtMs(link: SessionLink): number {
  return link.campaignMadeAtMs ?? link.createdAtMs;
}
