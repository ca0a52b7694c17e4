import type { Counts, Run } from '../job.ts';
import { endOf, hasEnded, nextAttendancePassAtMs } from './attendance-schedule.ts';
import { eachLinkedSession, type PeopleReaderParts, readPeople } from './people-reading.ts';

/** Reads the people of ended sessions, several times, until attendance is stable. */
export function endedSessionsPoller(parts: PeopleReaderParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    const { store, clock } = parts;
    let passes = 0;
    let changed = 0;
    await eachLinkedSession(parts, run, async (session) => {
      if (!hasEnded(session)) return;
      const done = store.attendance.passes(session.id);
      // One dated in the future was made by a clock that has been set back: it may have come before its time.
      const dated = done.filter(({ readAtMs }) => readAtMs <= clock.now());
      const dueAtMs = nextAttendancePassAtMs(endOf(session), dated);
      if (dueAtMs === null || dueAtMs > clock.now()) return;
      changed += await readPeople(
        parts,
        session,
        run.call('attendance'),
        (changedCount, registrants, readAtMs) =>
          store.attendance.recordPass({
            sessionId: session.id,
            pass: done.length + 1,
            readAtMs,
            registrants,
            changed: changedCount,
          }),
      );
      passes++;
    });
    return { passes, changed };
  };
}
