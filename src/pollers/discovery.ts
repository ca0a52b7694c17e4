import { DAY, HOUR, MINUTE } from '../clock.ts';
import type { KnownSession } from '../store/sessions.ts';

/**
 * How often the session list is worth a call. Livestorm grants 333 calls a day for everything
 * (livestorm.md §3), so discovery is dense only where something is about to happen.
 */
export function discoveryIntervalMs(
  sessions: readonly KnownSession[],
  activatedAtMs: number,
  nowMs: number,
): number {
  // On the first day somebody is trying it out.
  const idleMs = nowMs - activatedAtMs < DAY ? 5 * MINUTE : HOUR;
  return Math.min(idleMs, ...sessions.map((session) => wantedIntervalMs(session, nowMs)));
}

function wantedIntervalMs(session: KnownSession, nowMs: number): number {
  if (session.goneAtMs !== null) return Number.POSITIVE_INFINITY;
  if (session.status === 'live') return 5 * MINUTE;
  if (session.status !== 'upcoming' && session.status !== 'draft') return Number.POSITIVE_INFINITY;
  if (nowMs - session.firstSeenAtMs < 30 * MINUTE) return 5 * MINUTE;
  const untilStartMs = (session.estimatedStartedAtMs ?? Number.POSITIVE_INFINITY) - nowMs;
  if (Math.abs(untilStartMs) <= 30 * MINUTE) return 5 * MINUTE;
  return untilStartMs > 0 && untilStartMs <= 7 * DAY ? 15 * MINUTE : Number.POSITIVE_INFINITY;
}

const FALLBACK_DURATION = HOUR;

/**
 * Sessions to ask for one by one: their status may change by the clock alone, without the list's filter on changes
 * noticing (livestorm.md §8). First shortly after the planned end, then hourly, after half a day daily.
 */
export function sessionsToCheck(sessions: readonly KnownSession[], nowMs: number): KnownSession[] {
  return sessions.filter((session) => {
    if (session.goneAtMs !== null) return false;
    if (session.status !== 'upcoming' && session.status !== 'live') return false;
    const overdueMs = nowMs - plannedEndAtMs(session);
    if (overdueMs < 10 * MINUTE) return false;
    const intervalMs = overdueMs < HOUR ? 10 * MINUTE : overdueMs < 12 * HOUR ? HOUR : DAY;
    return nowMs - session.seenAtMs >= intervalMs;
  });
}

function plannedEndAtMs(session: KnownSession): number {
  const startMs = session.startedAtMs ?? session.estimatedStartedAtMs ?? session.createdAtMs;
  return startMs + (session.event?.estimatedDurationMs ?? FALLBACK_DURATION);
}
