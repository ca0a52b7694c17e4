import { DAY, HOUR, MINUTE } from '../clock.ts';
import type { Session } from '../domain.ts';
import type { KnownSession } from '../store/sessions.ts';

/** What the last look at the session list has left behind. */
export interface LastLook {
  readonly polledAtMs: number;
  /** When a look last found a new session, or one moved, published or canceled; the first look counts. */
  readonly changedAtMs: number;
  /** When a look last found a count of registrants moved. */
  readonly countedAtMs: number;
}

/** While nothing happens: with it all lists, events and on-demand sessions stay below 30 calls a day. */
export const IDLE_INTERVAL_MS = 75 * MINUTE;

/**
 * How often the session list is worth a call. Livestorm grants 333 calls a day for everything
 * (livestorm.md §3), so discovery is dense only where something is about to happen or has just happened: after a
 * find the next look follows soon, then after as long again as nothing was found.
 */
export function discoveryIntervalMs(
  sessions: readonly KnownSession[],
  { polledAtMs, changedAtMs, countedAtMs }: LastLook,
  nowMs: number,
): number {
  return Math.min(
    IDLE_INTERVAL_MS,
    Math.max(5 * MINUTE, polledAtMs - changedAtMs),
    Math.max(15 * MINUTE, polledAtMs - countedAtMs),
    ...sessions.map((session) => wantedIntervalMs(session, nowMs)),
  );
}

function wantedIntervalMs(session: KnownSession, nowMs: number): number {
  if (session.goneAtMs !== null) return Number.POSITIVE_INFINITY;
  if (session.status === 'live') {
    return plannedEndAtMs(session) - nowMs <= 10 * MINUTE ? 5 * MINUTE : 10 * MINUTE;
  }
  if (session.status !== 'upcoming' && session.status !== 'draft') return Number.POSITIVE_INFINITY;
  const untilStartMs = (session.estimatedStartedAtMs ?? Number.POSITIVE_INFINITY) - nowMs;
  if (Math.abs(untilStartMs) <= 30 * MINUTE) return 10 * MINUTE;
  // Who begins late is still waited for.
  const isNear = untilStartMs <= DAY && nowMs - plannedEndAtMs(session) <= HOUR;
  return isNear ? 15 * MINUTE : Number.POSITIVE_INFINITY;
}

/**
 * What these readings tell that was not known. That a session has started or ended is expected: what follows from it
 * has its own times.
 */
export function newsOf(
  known: readonly KnownSession[],
  readings: readonly Session[],
): { isChanged: boolean; isCounted: boolean } {
  const before = new Map(known.map((session) => [session.id, session]));
  const isCounted = ({ id, registrantsCount }: Session): boolean =>
    before.get(id)?.registrantsCount !== registrantsCount;
  const isChanged = ({ id, status, estimatedStartedAtMs }: Session): boolean => {
    const old = before.get(id);
    if (!old || old.estimatedStartedAtMs !== estimatedStartedAtMs) return true;
    return old.status !== status && status !== 'live' && status !== 'past';
  };
  return { isChanged: readings.some(isChanged), isCounted: readings.some(isCounted) };
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
