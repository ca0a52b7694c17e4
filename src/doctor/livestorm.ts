import type { LivestormClient } from '../clients/livestorm.ts';
import type { Config } from '../config/config.ts';
import type { Call, LivestormEvent, Session } from '../domain.ts';
import { RetryableError, VendorError } from '../errors.ts';
import { plural } from '../plural.ts';
import { eventFilter } from '../reconcile/event-filter.ts';
import { planEventFields } from './event-fields.ts';
import { type Finding, ok, refused } from './finding.ts';

const AREA = 'livestorm';
/** The next ones: who registers now registers there. Each costs a call. */
const MAX_EVENTS = 5;

export interface LivestormCheck {
  readonly client: Pick<LivestormClient, 'ping' | 'listSessions' | 'event'>;
  readonly config: Config;
  readonly nowMs: number;
}

/** Token, scope and the forms of the next events: at most 7 calls where one page holds the sessions to come. */
export async function checkLivestorm(check: LivestormCheck, call: Call): Promise<Finding[]> {
  const { client } = check;
  const token = 'API token';
  try {
    await patiently(() => client.ping(call));
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return [refused(AREA, token, error, 'Nobody is registered, and no session is seen.')];
  }
  return [ok(AREA, token, 'works'), ...(await checkEvents(check, call)), WRITING];
}

async function checkEvents(check: LivestormCheck, call: Call): Promise<Finding[]> {
  const what = 'Scope Events, reading';
  try {
    const sessions = await patiently(() => check.client.listSessions({ startsSinceMs: check.nowMs }, call));
    const read = ok(AREA, what, `${plural(sessions.length, 'session')} to come`);
    const events = await readEvents(check, sessions, call);
    return [read, ...planEventFields(events, check.config)];
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return [refused(AREA, what, error, 'No session is seen, and nobody is registered.')];
  }
}

async function readEvents(
  { client, config }: LivestormCheck,
  sessions: readonly Session[],
  call: Call,
): Promise<LivestormEvent[]> {
  const isConnected = eventFilter(config.links.events);
  const open = sessions
    .filter(({ status, isBreakoutRoom }) => status === 'upcoming' && !isBreakoutRoom)
    .toSorted((a, b) => (a.estimatedStartedAtMs ?? 0) - (b.estimatedStartedAtMs ?? 0));
  const ids = [...new Set(open.map(({ eventId }) => eventId))].slice(0, MAX_EVENTS);
  const events: LivestormEvent[] = [];
  for (const id of ids) {
    const event = await patiently(() => client.event(id, call));
    if (event && isConnected(event)) events.push(event);
  }
  return events;
}

/** Beside the daemon the rate of the workspace may be used up for a moment; the second call waits as long as asked. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RetryableError) || error.status !== 429) throw error;
    return await ask();
  }
}

const WRITING: Finding = {
  area: AREA,
  level: 'note',
  what: 'Scope Events, writing',
  found: 'cannot be told without registering somebody',
  why: 'A token that may only read sees everything and registers nobody: registrations then wait as auth_parked.',
  fix: 'See in Livestorm that the token has Events: write.',
};
