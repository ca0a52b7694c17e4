import { DAY, HOUR, MINUTE } from '../clock.ts';
import type { AttendancePass } from '../store/attendance.ts';
import type { KnownSession } from '../store/sessions.ts';

/**
 * When attendance data is complete is not documented (livestorm.md §7): read soon after the end, then again until
 * readings stop differing. Each reading of a session of 500 costs eleven calls.
 */
const ATTENDANCE_OFFSETS = [5 * MINUTE, 25 * MINUTE, 3 * HOUR, DAY];
/** Only when the reading before found anything new. */
const IF_CHANGED = 3 * HOUR;
const ATTENDANCE_GIVE_UP = 7 * DAY;

/** Replay views leave no trace that could be filtered for: full readings, ever rarer. */
const REPLAY_OFFSETS_DAYS = [2, 3, 5, 8, 14, 21, 28, 42];

/**
 * Took place and is over, even if its recording is offered on demand since; a canceled session, one that never
 * started and one that is on demand only have no attendance.
 */
export function hasEnded({ status, endedAtMs, goneAtMs }: KnownSession): boolean {
  return goneAtMs === null && (status === 'past' || (status === 'on_demand' && endedAtMs !== null));
}

/** When it ended; its last change when the vendor does not say. */
export function endOf(session: KnownSession): number {
  return session.endedAtMs ?? session.updatedAtMs;
}

/** When an ended session's people are to be read next for attendance; null when the readings are stable. */
export function nextAttendancePassAtMs(endedAtMs: number, passes: readonly AttendancePass[]): number | null {
  const last = passes.at(-1);
  // After a standstill one reading makes up for all that were missed.
  const isStill = last?.changed === 0;
  const offsetMs = ATTENDANCE_OFFSETS.find(
    (ms) => !last || (endedAtMs + ms > last.readAtMs && !(isStill && ms === IF_CHANGED)),
  );
  if (offsetMs !== undefined) return endedAtMs + offsetMs;
  // Figures are told when two readings agree: one alone, made long after the end, is not enough.
  if (!last || (last.changed === 0 && passes.length > 1)) return null;
  const nextMs = last.readAtMs + DAY;
  return nextMs <= endedAtMs + ATTENDANCE_GIVE_UP ? nextMs : null;
}

/** When people are to be read next for replay views, after the last reading; null when it is not worth a call. */
export function nextReplayReadAtMs(endedAtMs: number, lastReadAtMs: number): number | null {
  const offsetDays = REPLAY_OFFSETS_DAYS.find((days) => endedAtMs + days * DAY > lastReadAtMs);
  return offsetDays === undefined ? null : endedAtMs + offsetDays * DAY;
}

/** When to read again after readings that failed since: soon at first, then ever rarer; calls are scarce. */
export function nextRetryAtMs(sinceMs: number, failedAtMs: number): number {
  return failedAtMs + Math.min(6 * HOUR, Math.max(2 * MINUTE, (failedAtMs - sinceMs) / 8));
}
