import type { LivestormClient } from '../clients/livestorm.ts';
import { type Clock, DAY, HOUR, MINUTE } from '../clock.ts';
import type { Session } from '../domain.ts';
import { RefusedError, RetryableError } from '../errors.ts';
import type { Counts, Run } from '../job.ts';
import type { Logger } from '../logger.ts';
import type { KnownEvent, KnownSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import {
  discoveryIntervalMs,
  IDLE_INTERVAL_MS,
  type LastLook,
  newsOf,
  sessionsToCheck,
} from './discovery.ts';
import { readNewTeams } from './team-members.ts';

interface Cursor extends LastLook {
  /** The newest change seen; the vendor's clock, not ours. */
  readonly updatedMs: number;
  /** When the list of changes was last read. */
  readonly changesAtMs: number;
  /** When the on-demand sessions were last listed: they gain registrants at any time. */
  readonly onDemandAtMs: number;
  /** When everything near in time was last compared in full. */
  readonly comparedAtMs: number;
}

export interface SessionsPollerParts {
  readonly livestorm: LivestormClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Sessions created before are not ours, unless the configuration names them. */
  readonly activatedAtMs: number;
  readonly isNamed: (session: Session) => boolean;
}

const STREAM = 'sessions';
const LOOKBACK = 10 * MINUTE;
/** While sessions are open their list also shows most of what is new; the rest may wait this long, and for the look after. */
const CHANGES_INTERVAL = 4 * HOUR;
const ON_DEMAND_INTERVAL = 6 * HOUR;
const FUTURE_TOLERANCE = 5 * MINUTE;
/** A full comparison reaches this far back, so that a status change nobody announced is found within a day. */
const COMPARED_SPAN = 7 * DAY;

/**
 * Reads new and changed sessions and their events. While sessions are open one call lists whatever is planned from
 * yesterday on, with the count of registrants of each; what changed elsewhere is listed every four hours.
 */
export function sessionsPoller(parts: SessionsPollerParts): (run: Run) => Promise<Counts> {
  return async (run) => {
    const { store } = parts;
    const before = store.sessions.all();
    const listed = await readLists(parts, before, run);
    const checked = await checkOverdue(parts, listed ?? [], run);
    const changed = countChanged(before, store.sessions.all());
    await readEvents(parts, [...(listed ?? []), ...checked], listed !== null, run);
    await readNewTeams(parts, run);
    return { sessions: changed };
  };
}

/** The sessions listed, or null when no list was due. They and the cursor are stored together. */
async function readLists(
  parts: SessionsPollerParts,
  known: readonly KnownSession[],
  run: Run,
): Promise<Session[] | null> {
  const { store, livestorm, activatedAtMs } = parts;
  const nowMs = parts.clock.now();
  const cursor = store.checkpoints.read<Cursor>(STREAM);
  const look = lookAt(known, cursor, run.forced, nowMs);
  if (!look) return null;
  const call = run.call('discovery');
  const sessions: Session[] = [];
  if (look.changes) {
    const sinceMs = (cursor?.updatedMs ?? activatedAtMs) - LOOKBACK;
    sessions.push(...(await livestorm.listSessions({ updatedSinceMs: sinceMs }, call)));
  }
  const updated = sessions
    .map(({ updatedAtMs }) => updatedAtMs)
    .filter((ms) => ms <= nowMs + FUTURE_TOLERANCE);
  if (look.planned) {
    const startsSinceMs = nowMs - (look.comparison ? COMPARED_SPAN : DAY);
    sessions.push(...(await livestorm.listSessions({ startsSinceMs }, call)));
  }
  if (look.onDemand) sessions.push(...(await livestorm.listOnDemand(call)));
  const ours = sessions.filter(
    (session) =>
      session.createdAtMs >= activatedAtMs || parts.isNamed(session) || store.sessions.get(session.id),
  );
  const news = newsOf(known, ours);
  store.transaction(() => {
    for (const session of ours) store.sessions.observe(session, nowMs);
    const next: Cursor = {
      updatedMs: Math.max(cursor?.updatedMs ?? activatedAtMs, ...updated),
      polledAtMs: nowMs,
      changedAtMs: news.isChanged ? nowMs : (cursor?.changedAtMs ?? nowMs),
      countedAtMs: news.isCounted ? nowMs : (cursor?.countedAtMs ?? nowMs),
      changesAtMs: look.changes ? nowMs : (cursor?.changesAtMs ?? nowMs),
      onDemandAtMs: look.onDemand ? nowMs : (cursor?.onDemandAtMs ?? nowMs),
      comparedAtMs: look.comparison ? nowMs : (cursor?.comparedAtMs ?? nowMs),
    };
    store.checkpoints.advance(STREAM, next, nowMs);
  });
  return ours;
}

/** Which lists to read. */
interface Look {
  /** What changed since the last reading of changes. */
  readonly changes: boolean;
  /** What is planned from yesterday on, or for a comparison from a week ago on. */
  readonly planned: boolean;
  readonly comparison: boolean;
  readonly onDemand: boolean;
}

/** Undefined while no list is due. */
function lookAt(
  known: readonly KnownSession[],
  cursor: Cursor | undefined,
  isForced: boolean,
  nowMs: number,
): Look | undefined {
  if (!cursor) return { changes: true, planned: isForced, comparison: false, onDemand: false };
  // A cursor of an older version knows of no finds.
  const last = { ...cursor, changedAtMs: cursor.changedAtMs ?? 0, countedAtMs: cursor.countedAtMs ?? 0 };
  const intervalMs = discoveryIntervalMs(known, last, nowMs);
  if (!isForced && !hasPassed(cursor.polledAtMs, intervalMs, nowMs)) return undefined;
  const comparison = hasPassed(cursor.comparedAtMs, DAY, nowMs);
  const isNear = known.some(isOpen);
  const changes = isForced || !isNear || hasPassed(cursor.changesAtMs, CHANGES_INTERVAL, nowMs);
  const hasOnDemand = known.some(({ status, goneAtMs }) => status === 'on_demand' && goneAtMs === null);
  // While nothing happens a look is one call: the lists take turns.
  const isOne = intervalMs === IDLE_INTERVAL_MS && !isForced;
  return {
    changes: changes && !(isOne && comparison),
    planned: comparison || isForced || (isNear && !(isOne && changes)),
    comparison,
    onDemand: hasOnDemand && hasPassed(cursor.onDemandAtMs, ON_DEMAND_INTERVAL, nowMs),
  };
}

/** May still gain registrants, move, start or end. */
function isOpen({ status, goneAtMs }: KnownSession): boolean {
  return goneAtMs === null && (status === 'upcoming' || status === 'live');
}

/** Also when the clock was set back: better one reading too many. */
function hasPassed(sinceMs: number, intervalMs: number, nowMs: number): boolean {
  return nowMs - sinceMs >= intervalMs || nowMs < sinceMs;
}

async function checkOverdue(
  parts: SessionsPollerParts,
  listed: readonly Session[],
  run: Run,
): Promise<Session[]> {
  const { store, livestorm, clock } = parts;
  const found: Session[] = [];
  for (const { id } of sessionsToCheck(store.sessions.all(), clock.now())) {
    if (run.stopping() || listed.some((session) => session.id === id)) continue;
    await unlessUnreadable(parts, id, async () => {
      const session = await livestorm.session(id, run.call('discovery'));
      if (session) {
        store.sessions.observe(session, clock.now());
        found.push(session);
      } else store.sessions.observeGone(id, clock.now());
    });
  }
  return found;
}

/**
 * An event's title and form may have changed whenever one of its sessions did: it is read again then, at most once an
 * hour, and else once a day. Events that could not be read come again with the next list.
 */
async function readEvents(
  parts: SessionsPollerParts,
  sessions: readonly Session[],
  hasListed: boolean,
  run: Run,
): Promise<void> {
  const { store, livestorm, clock } = parts;
  const unread = hasListed
    ? store.sessions.all().filter(({ event, goneAtMs }) => !event && goneAtMs === null)
    : [];
  for (const eventId of new Set([...sessions, ...unread].map((session) => session.eventId))) {
    const known = store.sessions.event(eventId);
    const ofEvent = sessions.filter((session) => session.eventId === eventId);
    const isHiding = known?.published === false && ofEvent.some(({ status }) => status !== 'draft');
    if (run.stopping() || (known && !isHiding && isFresh(known, ofEvent, clock.now()))) continue;
    await unlessUnreadable(parts, eventId, async () => {
      const event = await livestorm.event(eventId, run.call('discovery'));
      if (event) store.sessions.observeEvent(event, clock.now());
    });
  }
}

function isFresh(event: KnownEvent, sessions: readonly Session[], nowMs: number): boolean {
  const hasChanged = sessions.some(({ updatedAtMs }) => updatedAtMs > event.seenAtMs - LOOKBACK);
  return nowMs - event.seenAtMs < (hasChanged ? HOUR : DAY);
}

/** One thing that cannot be read does not keep the others from it. */
async function unlessUnreadable(
  { log }: SessionsPollerParts,
  sessionId: string,
  read: () => Promise<void>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof RetryableError || error instanceof RefusedError)) throw error;
    log.warn({ sessionId, err: error }, 'a session or its event cannot be read for now');
  }
}

/** New, moved, started, ended, or with more or fewer registrants. */
function countChanged(before: readonly KnownSession[], now: readonly KnownSession[]): number {
  const known = new Map(before.map((session) => [session.id, session]));
  return now.filter((session) => {
    const old = known.get(session.id);
    return (
      !old ||
      old.updatedAtMs !== session.updatedAtMs ||
      old.status !== session.status ||
      old.registrantsCount !== session.registrantsCount
    );
  }).length;
}
