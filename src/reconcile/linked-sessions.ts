import { SECOND } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { LinkedSession } from './plan-registrations.ts';

/** Pardot campaign → the session it leads to. */
export function sessionsByCampaign(store: Store): Map<number, LinkedSession> {
  const sessions = new Map(store.sessions.all().map((session) => [session.id, session]));
  return new Map(
    store.links.all().flatMap(({ pardotCampaignId, sessionId, origin, createdAtMs }) => {
      const session = sessions.get(sessionId);
      if (pardotCampaignId === null || !session) return [];
      // By Livestorm's clock as well, as ours may have been behind. Pardot dates submissions in whole seconds.
      const sinceMs = Math.floor(Math.max(createdAtMs, session.createdAtMs) / SECOND) * SECOND;
      const takesFromMs = origin === 'existing' ? sinceMs : 0;
      return [[pardotCampaignId, { session, takesFromMs }] as const];
    }),
  );
}
