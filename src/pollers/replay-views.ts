import { DAY } from '../clock.ts';
import type { Counts, Run } from '../job.ts';
import type { KnownSession } from '../store/sessions.ts';
import { endOf, hasEnded, nextReplayReadAtMs } from './attendance-schedule.ts';
import { eachLinkedSession, type PeopleReaderParts, readPeople } from './people-reading.ts';

interface Cursor {
  readonly readAtMs: number;
}

export interface ReplayViewsParts extends PeopleReaderParts {
  /** Whether attendance is read, too: then its first reading comes before any of views. */
  readonly afterAttendance: boolean;
}

/**
 * Reads the people of sessions whose replay can be watched, and those of on-demand sessions. The event is read
 * first: whether a view counts as replay or on-demand is decided by its state at first sight.
 */
export function replayViewsPoller(parts: ReplayViewsParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    const { store, clock } = parts;
    let changed = 0;
    await eachLinkedSession(parts, run, async (known) => {
      if (!isDue(parts, known)) return;
      const event = await parts.livestorm.event(known.eventId, run.call('replays'));
      if (event) store.sessions.observeEvent(event, clock.now());
      const session = store.sessions.get(known.id) ?? known;
      changed += await readPeople(parts, session, run.call('replays'), () =>
        store.checkpoints.advance(
          stream(session.id),
          { readAtMs: clock.now() } satisfies Cursor,
          clock.now(),
        ),
      );
    });
    return { changed };
  };
}

function stream(sessionId: string): string {
  return `replay_views/${sessionId}`;
}

function isDue({ store, clock, afterAttendance }: ReplayViewsParts, session: KnownSession): boolean {
  const readAtMs = store.checkpoints.read<Cursor>(stream(session.id))?.readAtMs;
  // A clock that was set back tells nothing.
  const lastReadAtMs = readAtMs !== undefined && readAtMs <= clock.now() ? readAtMs : undefined;
  if (session.status === 'on_demand' && isOnDemandDue(session, lastReadAtMs, clock.now())) return true;
  if (!hasEnded(session)) return false;
  if (afterAttendance && store.attendance.passes(session.id).length === 0) return false;
  const dueAtMs = nextReplayReadAtMs(endOf(session), lastReadAtMs ?? endOf(session));
  return dueAtMs !== null && dueAtMs <= clock.now();
}

const ON_DEMAND_FRESH = 14 * DAY;

/** Daily in the first two weeks, then weekly: on-demand sessions stay for years. */
function isOnDemandDue(session: KnownSession, lastReadAtMs: number | undefined, nowMs: number): boolean {
  const isFresh = nowMs - (session.endedAtMs ?? session.createdAtMs) < ON_DEMAND_FRESH;
  return nowMs - (lastReadAtMs ?? 0) >= (isFresh ? DAY : 7 * DAY);
}
