import { DAY } from '../clock.ts';
import type { Submission } from '../domain.ts';
import { sessionsByCampaign } from '../reconcile/linked-sessions.ts';
import { decide, type RegistrationRules, route } from '../reconcile/plan-registrations.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { atFirstSight } from '../store/submissions.ts';
import type { LinkTarget } from './link-facts.ts';
import { isOpen } from './lint-links.ts';
import type { Expected } from './reconcile.ts';

/** Longer after the end, nobody can be registered any more. */
const RECENT = 7 * DAY;

/** Linked sessions that are open or ended of late. */
export function recentTargets(targets: readonly LinkTarget[], nowMs: number): LinkTarget[] {
  return targets.filter(({ session }) => {
    const { goneAtMs, endedAtMs, canceledAtMs, estimatedStartedAtMs } = session;
    const closedAtMs = goneAtMs ?? endedAtMs ?? canceledAtMs ?? estimatedStartedAtMs;
    return isOpen(session) || closedAtMs === null || nowMs - closedAtMs < RECENT;
  });
}

/** From when on submissions can lead to one of these sessions. */
export function submissionsSinceMs(targets: readonly LinkTarget[], activatedAtMs: number): number {
  return Math.max(activatedAtMs, Math.min(...targets.map(({ link }) => link.createdAtMs)));
}

/** How many calls it takes to read both sides (livestorm.md §2.2, pardot.md §2.2). */
export function callsFor(
  store: Store,
  targets: readonly LinkTarget[],
  sinceMs: number,
): { readonly livestorm: number; readonly pardot: number } {
  const pages = ({ session }: { readonly session: KnownSession }): number =>
    Math.max(1, Math.ceil(session.registrantsCount / 50));
  return {
    livestorm: targets.reduce((sum, target) => sum + pages(target), 0),
    pardot: Math.floor(store.submissionsReadSince(sinceMs) / 1000) + 1,
  };
}

/** Session id → the submissions that lead to it, by the ids of campaigns as they were submitted. */
export function expectedBySession(
  store: Store,
  submissions: readonly Submission[],
  rules: RegistrationRules,
  nowMs: number,
): Map<string, Expected[]> {
  const sessions = sessionsByCampaign(store);
  const bySession = new Map<string, Expected[]>();
  for (const submission of submissions) {
    const known = store.submissions.get(submission.activityId);
    const seen = known ?? atFirstSight(submission, null, nowMs);
    const linked = route(seen, (campaignId) => sessions.get(campaignId));
    const sessionId = known?.sessionId ?? linked?.session.id;
    if (sessionId === undefined) continue;
    const decision = decide(seen, () => linked, rules, nowMs);
    const { activityId, createdAtMs, prospectId, email } = seen;
    const expected = { activityId, createdAtMs, prospectId, email, known, decision };
    const others = bySession.get(sessionId);
    if (others) others.push(expected);
    else bySession.set(sessionId, [expected]);
  }
  return bySession;
}
