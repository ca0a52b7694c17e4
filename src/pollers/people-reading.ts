import type { LivestormClient } from '../clients/livestorm.ts';
import { type Clock, HOUR, MINUTE } from '../clock.ts';
import { type Call, emailKey, type FieldValue, type Registrant } from '../domain.ts';
import { RefusedError, RetryableError } from '../errors.ts';
import type { Run } from '../job.ts';
import type { Logger } from '../logger.ts';
import type { KnownRegistrant, RegistrantReading as Reading, ReplayKind } from '../store/registrants.ts';
import type { KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { nextRetryAtMs } from './attendance-schedule.ts';

export interface PeopleReaderParts {
  readonly livestorm: LivestormClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Trouble {
  /** The first failure of a row; a pause longer than any wait begins a new one. */
  readonly sinceMs: number;
  readonly failedAtMs: number;
}

const NEW_TROUBLE = 12 * HOUR;

/**
 * Calls `read` for one linked session after the other. A session that cannot be read does not keep the others from it;
 * it is tried again ever less often, and the first such error is thrown at the end.
 */
export async function eachLinkedSession(
  parts: PeopleReaderParts,
  run: Run,
  read: (session: KnownSession) => Promise<void>,
): Promise<void> {
  const { store, clock, log } = parts;
  const failures: unknown[] = [];
  for (const link of store.links.all()) {
    const session = store.sessions.get(link.sessionId);
    if (run.stopping() || !session || session.goneAtMs !== null) continue;
    // Whoever is read again would count as new.
    if (store.aged.isErased(session.id)) continue;
    if (!run.forced && isTooSoon(parts, session)) continue;
    try {
      await read(session);
    } catch (error) {
      const nowMs = clock.now();
      if (error instanceof RefusedError && error.status === 404) {
        store.sessions.observeGone(session.id, nowMs);
        continue;
      }
      if (!(error instanceof RetryableError || error instanceof RefusedError)) throw error;
      log.warn({ sessionId: session.id, err: error }, 'the people of a session cannot be read for now');
      store.checkpoints.advance(troubleStream(session), troubleNow(parts, session), nowMs);
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function isTooSoon({ store, clock }: PeopleReaderParts, session: KnownSession): boolean {
  const trouble = store.checkpoints.read<Trouble>(troubleStream(session));
  if (!trouble || clock.now() < trouble.failedAtMs) return false;
  return clock.now() < nextRetryAtMs(trouble.sinceMs, trouble.failedAtMs);
}

function troubleNow({ store, clock }: PeopleReaderParts, session: KnownSession): Trouble {
  const before = store.checkpoints.read<Trouble>(troubleStream(session));
  const failedAtMs = clock.now();
  const isNew = !before || Math.abs(failedAtMs - before.failedAtMs) > NEW_TROUBLE;
  return { sinceMs: isNew ? failedAtMs : before.sinceMs, failedAtMs };
}

function troubleStream(session: KnownSession): string {
  return `people_trouble/${session.id}`;
}

/**
 * Reads everybody of a session and stores what changed, together with whatever `alongside` writes. Returns how many
 * people differed. Nothing is stored, and `RetryableError` thrown, when the list cannot be trusted: it drifted while
 * paging, or it is empty although the session has registrants.
 */
export async function readPeople(
  parts: PeopleReaderParts,
  session: KnownSession,
  call: Call,
  alongside: (changed: number, registrants: number, readAtMs: number) => void,
): Promise<number> {
  const askedAtMs = parts.clock.now();
  const { registrants, complete } = await parts.livestorm.listRegistrants(session.id, call);
  if (!complete || (registrants.length === 0 && expectsPeople(parts.store, session))) {
    throw new RetryableError('a people list is incomplete or unexpectedly empty, it will be read again', {
      vendor: 'livestorm',
      operation: 'GET /sessions/{id}/people',
      applied: 'not_applied',
    });
  }
  const listed = new Set(registrants.map(({ email }) => emailKey(email)));
  const nowMs = parts.clock.now();
  return parts.store.transaction(() => {
    const gone = parts.store.registrants.presentKeys(session.id).filter((key) => !listed.has(key));
    const changed = takeReading(parts, session, registrants);
    gone.push(...takeMissing(parts, session, registrants, askedAtMs));
    parts.store.registrants.observeGone(session.id, gone, nowMs);
    alongside(changed, registrants.length, nowMs);
    return changed + gone.length;
  });
}

/** Stores a reading of some of a session's people, one by one as many may be; returns how many differed. */
export function takeReading(
  { store, clock }: Pick<PeopleReaderParts, 'store' | 'clock'>,
  session: KnownSession,
  registrants: readonly Registrant[],
): number {
  const nowMs = clock.now();
  let changed = 0;
  for (const registrant of registrants) {
    if (store.registrants.isForgotten(session.id, registrant)) continue;
    const before = store.registrants.get(session.id, emailKey(registrant.email));
    const reading = nextReading(before, registrant, replayKindOf(session, registrant));
    // What a clock was ahead for that has been set back is dated anew.
    const isKnown = before && before.goneAtMs === null && before.seenAtMs <= nowMs;
    if (isKnown && isSame(before, reading)) continue;
    store.registrants.observe(session.id, reading, nowMs);
    changed++;
  }
  return changed;
}

/** Time in which a registration may not be listed yet. */
const UNLISTED = MINUTE;

const UNSEEN: Omit<Reading, 'personId' | 'email' | 'registeredAtMs'> = {
  role: 'participant',
  isGuestSpeaker: false,
  isAnonymous: false,
  fields: {},
  attended: false,
  durationSeconds: 0,
  attendanceRate: null,
  messages: 0,
  questions: 0,
  contradictions: 0,
  replayKind: null,
  replayWatchedAtMs: null,
};

/** Those whom we registered and whom the very first reading after it lacks have left again; returns their keys. */
function takeMissing(
  { store, clock }: PeopleReaderParts,
  session: KnownSession,
  listed: readonly Registrant[],
  askedAtMs: number,
): string[] {
  const present = new Set(listed.map(({ personId }) => personId));
  const missing = store.registrants
    .neverRead(session.id, askedAtMs - UNLISTED)
    .filter(({ personId }) => !present.has(personId));
  for (const own of missing) store.registrants.observe(session.id, { ...UNSEEN, ...own }, clock.now());
  return missing.map(({ email }) => emailKey(email));
}

function expectsPeople(store: Store, session: KnownSession): boolean {
  return (
    session.registrantsCount > 0 || store.registrations.ofSession(session.id).some((r) => r.personId !== null)
  );
}

/** An event may turn on-demand after a live session: whoever registered for that one still watches its replay. */
function replayKindOf(session: KnownSession, { registeredAtMs }: Registrant): ReplayKind {
  const isOnDemand = session.status === 'on_demand' || session.event?.schedulingStatus === 'on_demand';
  const wasForLive = session.endedAtMs !== null && registeredAtMs <= session.endedAtMs;
  return isOnDemand && !wasForLive ? 'on_demand' : 'replay';
}

/** What one reading of somebody not seen before says; a replay view is left for the reading of the whole list. */
export function firstReading(registrant: Registrant): Reading {
  return nextReading(undefined, { ...registrant, replay: null }, 'replay');
}

/** What to believe after one more reading: attendance that was seen is taken back only by two readings in a row. */
function nextReading(before: KnownRegistrant | undefined, now: Registrant, kind: ReplayKind): Reading {
  const { attendance, replay } = now;
  const takenBack = before?.attended === true && !attendance.attended && before.contradictions === 0;
  const believed = takenBack ? before : { ...attendance, attendanceRate: attendance.rate };
  return {
    personId: now.personId,
    email: now.email,
    role: now.role,
    isGuestSpeaker: now.isGuestSpeaker,
    isAnonymous: now.isAnonymous,
    registeredAtMs: now.registeredAtMs,
    fields: filledIn(now),
    attended: believed.attended,
    durationSeconds: believed.durationSeconds,
    attendanceRate: believed.attendanceRate,
    messages: believed.messages,
    questions: believed.questions,
    contradictions: takenBack ? 1 : 0,
    replayKind: before?.replayKind ?? (replay ? kind : null),
    replayWatchedAtMs: before?.replayWatchedAtMs ?? replay?.watchedAtMs ?? null,
  };
}

/** Only what has a value, by field id in a fixed order; the names stand beside the form in Livestorm's answers. */
function filledIn({ firstName, lastName, fields }: Registrant): Record<string, FieldValue> {
  const all = { first_name: firstName, last_name: lastName, ...fields };
  const filled = Object.entries(all).flatMap(([id, value]) =>
    value === null || value.length === 0 || id === 'email' ? [] : [[id, value] as const],
  );
  return Object.fromEntries(filled.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(before: KnownRegistrant, reading: Reading): boolean {
  const { fields: fieldsBefore, ...rest } = before;
  const { fields, ...now } = reading;
  const isSameRest = (Object.keys(now) as (keyof typeof now)[]).every((key) => rest[key] === now[key]);
  return isSameRest && JSON.stringify(fieldsBefore) === JSON.stringify(fields);
}
