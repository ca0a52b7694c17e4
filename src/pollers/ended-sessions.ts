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
      const dueAtMs = nextAttendancePassAtMs(endOf(session), done);
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
