import { DAY, HOUR, MINUTE } from '../clock.ts';
import type { SessionStatus } from '../domain.ts';
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
  /** When anybody was last read; absent in a state that did not keep it. */
  readonly readAtMs?: number;
  /** The count that new people alone did not explain: only reading everybody will. */
  readonly unexplained?: number;
}

const LOOKBACK = 10 * MINUTE;
/** Up to so many people one page tells everything (livestorm.md §2.2). */
const ONE_PAGE = 50;
/** Those whom we registered are known; who came while another left shows in the next reading. */
const OWN_DOING = DAY;
const NOTHING = { changed: 0, isExplained: false };

/**
 * Reads who registered in Livestorm, only where the count in the session list has moved: new people alone when that
 * explains the count, else everybody, which for a large session happens at most once an hour. Where those whom we
 * registered ourselves explain the count, once a day is often enough. What was read
 * for attendance is not read again.
 */
export function registrantsPoller(parts: PeopleReaderParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    let changed = 0;
    await eachLinkedSession(parts, run, async (session) => {
      if (session.status === 'canceled') changed += await readLatecomers(parts, session, run);
      else if (TAKES_PEOPLE.has(session.status)) changed += await readIfMoved(parts, session, run);
    });
    return { changed };
  };
}

/** Or took them until the look that showed the status; one that never started may still do. */
const TAKES_PEOPLE: ReadonlySet<SessionStatus> = new Set([
  'upcoming',
  'live',
  'on_demand',
  'past',
  'past_not_started',
]);

/**
 * Whoever registered before the look that showed the cancellation. Nobody is taken for gone: what Livestorm tells of
 * the people of a canceled session is not documented.
 */
async function readLatecomers(parts: PeopleReaderParts, session: KnownSession, run: Run): Promise<number> {
  const never: Cursor = { count: 0, registeredMs: session.createdAtMs, completeAtMs: 0 };
  const cursor = parts.store.checkpoints.read<Cursor>(stream(session)) ?? never;
  const isKnown = [cursor.count, cursor.unexplained].includes(session.registrantsCount);
  return isKnown ? 0 : (await readNew(parts, session, cursor, run)).changed;
}

async function readIfMoved(parts: PeopleReaderParts, session: KnownSession, run: Run): Promise<number> {
  const { store, clock } = parts;
  const nowMs = clock.now();
  const cursor = store.checkpoints.read<Cursor>(stream(session));
  const isLast = isLastReadingDue(parts, session, cursor);
  if (cursor && cursor.count === session.registrantsCount && !isLast) return 0;
  const readForAttendanceMs = store.attendance.passes(session.id).at(-1)?.readAtMs ?? 0;
  if (cursor && readForAttendanceMs > (cursor.readAtMs ?? 0) && isExplained(parts, session)) {
    advance(parts, session, readForAttendanceMs);
    return 0;
  }
  if (cursor && !isLast && isOwnDoing(parts, session, cursor)) return 0;
  if (cursor && session.registrantsCount > ONE_PAGE && !isLast) {
    const mayReadAll = Math.abs(nowMs - cursor.completeAtMs) >= HOUR;
    const wasTried = cursor.unexplained === session.registrantsCount;
    const read = wasTried ? NOTHING : await readNew(parts, session, cursor, run);
    if (read.isExplained || !mayReadAll) return read.changed;
  }
  return await readPeople(parts, session, run.call('discovery'), () => advance(parts, session, nowMs));
}

function isOwnDoing({ store, clock }: PeopleReaderParts, session: KnownSession, cursor: Cursor): boolean {
  if (Math.abs(clock.now() - (cursor.readAtMs ?? 0)) >= OWN_DOING) return false;
  const { own, others } = store.registrants.unread(session.id, session.seenAtMs);
  return (
    own > 0 &&
    others === 0 &&
    store.registrants.summary(session.id).present + own === session.registrantsCount
  );
}

/** Somebody who left while somebody else came moves no count: once it is over everybody is read, if nothing else did. */
function isLastReadingDue(
  { store, clock }: PeopleReaderParts,
  session: KnownSession,
  cursor: Cursor | undefined,
): boolean {
  const overMs = overSince(session);
  if (!cursor || overMs === null || clock.now() - overMs < HOUR) return false;
  const isReadSince = cursor.completeAtMs >= overMs && cursor.completeAtMs <= clock.now();
  return !isReadSince && store.attendance.passes(session.id).length === 0;
}

/** null while it is not, or when no time is told. */
function overSince(session: KnownSession): number | null {
  if (session.status === 'past_not_started') return session.estimatedStartedAtMs;
  return hasEnded(session) ? endOf(session) : null;
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
    const explained = isExplained(parts, session);
    if (explained) advance(parts, session, cursor.completeAtMs);
    else {
      const tried: Cursor = { ...cursor, unexplained: session.registrantsCount };
      store.checkpoints.advance(stream(session), tried, parts.clock.now());
    }
    return { changed, isExplained: explained };
  });
}

function isExplained({ store }: PeopleReaderParts, session: KnownSession): boolean {
  return store.registrants.summary(session.id).present === session.registrantsCount;
}

function advance({ store, clock }: PeopleReaderParts, session: KnownSession, completeAtMs: number): void {
  const registeredMs = Math.max(session.createdAtMs, store.registrants.summary(session.id).newestMs);
  const nowMs = clock.now();
  const count = session.registrantsCount;
  const cursor: Cursor = { count, registeredMs, completeAtMs, readAtMs: nowMs };
  store.checkpoints.advance(stream(session), cursor, nowMs);
}

/** Whether everybody of the session was read before, team members too. */
export function wasEverybodyRead(
  { store }: Pick<PeopleReaderParts, 'store'>,
  session: KnownSession,
): boolean {
  return store.checkpoints.read(stream(session)) !== undefined;
}

function stream(session: KnownSession): string {
  return `registrants/${session.id}`;
}
