import { HOUR, MINUTE } from '../clock.ts';
import type { Counts, Run } from '../job.ts';
import type { KnownSession } from '../store/sessions.ts';
import { endOf, hasEnded } from './attendance-schedule.ts';
import { eachLinkedSession, type PeopleReaderParts, readPeople, takeReading } from './people-reading.ts';

interface Cursor {
  /** What Livestorm counted when the people were last read. */
  readonly count: number;
  /** The newest registration seen, by Livestorm's clock. */
  readonly registeredMs: number;
  /** When everybody was last read. */
  readonly completeAtMs: number;
  /** The count that new people alone did not explain: only reading everybody will. */
  readonly unexplained?: number;
}

const LOOKBACK = 10 * MINUTE;
/** Up to so many people one page tells everything (livestorm.md §2.2). */
const ONE_PAGE = 50;
const NOTHING = { changed: 0, isExplained: false };

/**
 * Reads who registered in Livestorm, only where the count in the session list has moved: new people alone when that
 * explains the count, else everybody, which for a large session happens at most once an hour.
 */
export function registrantsPoller(parts: PeopleReaderParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    let changed = 0;
    await eachLinkedSession(parts, run, async (session) => {
      if (isOpenForRegistration(session)) changed += await readIfMoved(parts, session, run);
    });
    return { changed };
  };
}

function isOpenForRegistration({ status }: KnownSession): boolean {
  return status === 'upcoming' || status === 'live' || status === 'on_demand' || status === 'past';
}

async function readIfMoved(parts: PeopleReaderParts, session: KnownSession, run: Run): Promise<number> {
  const { store, clock } = parts;
  const nowMs = clock.now();
  const cursor = store.checkpoints.read<Cursor>(stream(session));
  const isLast = isLastReadingDue(parts, session, cursor);
  if (cursor && cursor.count === session.registrantsCount && !isLast) return 0;
  if (cursor && session.registrantsCount > ONE_PAGE && !isLast) {
    const mayReadAll = nowMs - cursor.completeAtMs >= HOUR;
    const wasTried = cursor.unexplained === session.registrantsCount;
    const read = wasTried ? NOTHING : await readNew(parts, session, cursor, run);
    if (read.isExplained || !mayReadAll) return read.changed;
  }
  return await readPeople(parts, session, run.call('discovery'), () => advance(parts, session, nowMs));
}

/** Somebody who left while somebody else came moves no count: once it is over everybody is read, if nothing else did. */
function isLastReadingDue(
  { store, clock }: PeopleReaderParts,
  session: KnownSession,
  cursor: Cursor | undefined,
): boolean {
  if (!cursor || !hasEnded(session) || clock.now() - endOf(session) < HOUR) return false;
  return cursor.completeAtMs < endOf(session) && store.attendance.passes(session.id).length === 0;
}

async function readNew(
  parts: PeopleReaderParts,
  session: KnownSession,
  cursor: Cursor,
  run: Run,
): Promise<{ changed: number; isExplained: boolean }> {
  const { store, livestorm } = parts;
  const sinceMs = cursor.registeredMs - LOOKBACK;
  const people = await livestorm.listNewRegistrants(session.id, sinceMs, run.call('discovery'));
  return store.transaction(() => {
    const changed = takeReading(parts, session, people);
    const present = store.registrants.ofSession(session.id).filter(({ goneAtMs }) => goneAtMs === null);
    const isExplained = present.length === session.registrantsCount;
    if (isExplained) advance(parts, session, cursor.completeAtMs);
    else {
      const tried: Cursor = { ...cursor, unexplained: session.registrantsCount };
      store.checkpoints.advance(stream(session), tried, parts.clock.now());
    }
    return { changed, isExplained };
  });
}

function advance({ store, clock }: PeopleReaderParts, session: KnownSession, completeAtMs: number): void {
  const registered = store.registrants.ofSession(session.id).map(({ registeredAtMs }) => registeredAtMs);
  const registeredMs = registered.reduce((newest, ms) => Math.max(newest, ms), session.createdAtMs);
  store.checkpoints.advance(
    stream(session),
    { count: session.registrantsCount, registeredMs, completeAtMs } satisfies Cursor,
    clock.now(),
  );
}

function stream(session: KnownSession): string {
  return `registrants/${session.id}`;
}
