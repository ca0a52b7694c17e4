import { type Clock, DAY } from '../clock.ts';
import type { Counts, Run } from '../job.ts';
import type { Store } from '../store/store.ts';

export interface RetentionParts {
  readonly store: Store;
  readonly clock: Clock;
  /** How long people are kept after the end of their session; 0: for ever. */
  readonly peopleDays: number;
}

/** Small enough that nobody waits for the state while a part is erased. */
const BATCH = 500;

/** Erases the people of sessions that have been over for so long, in small parts. */
export function retention({ store, clock, peopleDays }: RetentionParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    if (peopleDays === 0) return {};
    const nowMs = clock.now();
    const beforeMs = nowMs - peopleDays * DAY;
    for (const sessionId of store.aged.sessionsOver(beforeMs)) store.aged.begin(sessionId, nowMs);
    let sessions = 0;
    let rows = 0;
    for (const sessionId of store.aged.unfinished()) {
      rows += await inParts(run, () => store.aged.eraseSome(sessionId, BATCH));
      if (run.stopping()) break;
      store.aged.finish(sessionId, nowMs);
      sessions++;
    }
    rows += await inParts(run, () => store.aged.eraseSomeOther(beforeMs, BATCH));
    if (rows > 0) store.keeping.emptyLog();
    return rows + sessions > 0 ? { sessions, rows } : {};
  };
}

/** Until nothing is left; others get their turn in between. Returns how many rows went. */
async function inParts(run: Run, erase: () => number): Promise<number> {
  let rows = 0;
  while (!run.stopping()) {
    const erased = erase();
    if (erased === 0) break;
    rows += erased;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return rows;
}
