import type { TestContext } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { emailKey } from '../../src/domain.ts';
import type { SavedGovernor } from '../../src/governor/state.ts';
import type { DaemonSigns } from '../../src/status/flows.ts';
import { createReaders, type Overview } from '../../src/status/overview.ts';
import { answering } from '../../src/status/routes.ts';
import { StatusServer } from '../../src/status/server.ts';
import type { Store } from '../../src/store/store.ts';
import {
  anEvent,
  aProspect,
  aReading,
  aSession,
  aSubmission,
  recordingLog,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export const NOW = Date.parse('2026-03-10T14:20:30Z');
export const TOKEN = 'a-token-that-nobody-guesses';

export const JOBS = [
  'sessions',
  'session_links',
  'campaigns',
  'form_submissions',
  'awaited_prospects',
  'registrations',
  'backfill',
  'registrants',
  'people',
  'ended_sessions',
  'attendance',
  'replay_views',
  'retention',
];

/** What a daemon would tell; a test changes it at will. */
export class Signs implements DaemonSigns {
  readonly dueSinceMs = new Map<string, number>();
  stuckJobs: string[] = [];

  stuck(): string[] {
    return this.stuckJobs;
  }

  jobs(): { name: string; dueSinceMs: number | undefined }[] {
    return JOBS.map((name) => ({ name, dueSinceMs: this.dueSinceMs.get(name) }));
  }
}

export interface Stage {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly signs: Signs;
  /** Read anew at each call. */
  readonly overview: () => Overview;
}

export function stage(t: TestContext): Stage {
  const { store } = temporaryStore(t);
  const clock = new VirtualClock(NOW, { autoAdvance: false });
  const signs = new Signs();
  const limits = { alertLagMinutes: 15, alertFailures: 1 };
  const parts = { store, clock, daemon: signs, resources: () => RESOURCES };
  return { store, clock, signs, overview: () => createReaders(parts, limits).overview() };
}

const RESOURCES = { residentBytes: 70e6, heapBytes: 20e6, cpuSeconds: 12.5, uptimeSeconds: 3600 };

/** The page of a stage on a free port of this machine. */
export async function serve(
  t: TestContext,
  { store, clock, signs, overview }: Stage,
  options: { token?: string | null; listen?: { path: string } } = {},
): Promise<{ url: string; address: string; lines: Record<string, unknown>[] }> {
  const { log, lines } = recordingLog();
  const { token = TOKEN, listen = { host: '127.0.0.1', port: 0 } } = options;
  const answer = answering({ store, clock, token, overview, watched: overview, stuck: () => signs.stuck() });
  const server = await StatusServer.listen(listen, answer, log);
  t.after(() => server[Symbol.asyncDispose]());
  return { url: `http://${server.address}`, address: server.address, lines };
}

/** Every job ran a moment ago, and well. */
export function allRan(store: Store, atMs = NOW - 20 * SECOND): void {
  for (const job of JOBS) {
    store.jobRuns.record({ job, startedAtMs: atMs - 300, finishedAtMs: atMs, counts: {}, problem: null });
  }
}

/** A linked session, two hours from now unless told otherwise. */
export function webinar(
  store: Store,
  id: string,
  title: string,
  startsAtMs = NOW + 2 * HOUR,
  campaign = 70,
): void {
  const isOver = startsAtMs < NOW;
  const eventId = `event-${id}`;
  store.sessions.observeEvent(anEvent({ id: eventId, title }), NOW - 20 * DAY);
  const times = isOver
    ? { status: 'past' as const, startedAtMs: startsAtMs, endedAtMs: startsAtMs + HOUR }
    : { status: 'upcoming' as const };
  store.sessions.observe(
    aSession({ id, eventId, estimatedStartedAtMs: startsAtMs, createdAtMs: NOW - 20 * DAY, ...times }),
    NOW - 20 * DAY,
  );
  store.links.create(id, title, NOW - 20 * DAY);
  store.links.campaignMade(id, '701000000000001AAA', NOW - 20 * DAY);
  store.links.mirrored(id, campaign, NOW - 20 * DAY + 3 * MINUTE);
  store.links.listed(id, 900 + campaign, NOW - 20 * DAY + 4 * MINUTE);
}

let activity = 5000;

/** Somebody who submitted a form for the session; `tookMs` after that Livestorm had them, null: not yet. */
export function submitted(
  store: Store,
  sessionId: string,
  email: string,
  atMs: number,
  tookMs: number | null = 50 * SECOND,
): void {
  const activityId = ++activity;
  const prospect = aProspect({ id: activityId, email });
  store.submissions.observe(
    aSubmission({ activityId, createdAtMs: atMs, prospect }),
    null,
    atMs + 30 * SECOND,
  );
  store.submissions.decide(activityId, { sessionId }, atMs + 30 * SECOND);
  const key = emailKey(email);
  const person = { sessionId, emailKey: key, email, activityId, prospectId: activityId, fields: {} };
  store.registrations.request({ ...person, requestedAtMs: atMs }, atMs + 30 * SECOND);
  if (tookMs === null) return;
  store.registrations.conclude(person, { outcome: 'registered', personId: `p-${activityId}` }, atMs + tookMs);
}

/** In the people list, and with attendance written when they were there. */
export function listed(
  store: Store,
  sessionId: string,
  email: string,
  attended: boolean,
  isWritten = attended,
): void {
  store.registrants.observe(
    sessionId,
    aReading({ email, personId: `person-${email}`, attended }),
    NOW - HOUR,
  );
  if (!isWritten) return;
  const wanted = {
    kind: 'prospect_fields',
    naturalKey: `${email}/${sessionId}`,
    payload: { values: {} },
  } as const;
  store.effects.want({ ...wanted, sessionId, emailKey: emailKey(email) }, NOW - HOUR);
  const effect = store.effects.get('prospect_fields', wanted.naturalKey);
  if (effect) store.effects.finish(effect.id, 'done', NOW - HOUR);
}

/** Somebody whom Livestorm refuses for good. */
export function failed(store: Store, sessionId: string, email: string): void {
  const key = emailKey(email);
  const naturalKey = `${sessionId}/${key}`;
  store.effects.want(
    { kind: 'livestorm_registration', naturalKey, payload: {}, sessionId, emailKey: key },
    NOW - HOUR,
  );
  const effect = store.effects.get('livestorm_registration', naturalKey);
  const problem = {
    class: 'RefusedError',
    message: 'POST /sessions/{id}/people: job_title is too long',
    hint: 'shorten the field in Account Engagement, then retry',
    vendor: 'livestorm',
    operation: 'POST /sessions/{id}/people',
    code: 422,
  } as const;
  if (effect) store.effects.finish(effect.id, 'dead', NOW - HOUR, { reason: 'dead', problem });
  store.registrations.conclude({ sessionId, emailKey: key }, { outcome: 'dead' }, NOW - HOUR);
}

export function governor(over: Partial<SavedGovernor> = {}): SavedGovernor {
  return {
    parkedUntilMs: null,
    parkReason: null,
    periodStartedAtMs: NOW - 10 * DAY,
    calls: { registrations: 1840, attendance: 320, discovery: 260, replays: 40, backfill: 0 },
    limit: 10_000,
    remaining: 7_200,
    resetAtMs: NOW + 20 * DAY,
    others: 340,
    recent: [{ startedAtMs: NOW - 20 * HOUR, own: 200, others: 20 }],
    budget: { limit: 9_000, periodMs: 30 * DAY },
    pace: 1,
    ...over,
  };
}

/** A connector in full work, with most of what can go wrong; 40 people, all at example.com. */
export function busy({ store, signs }: Stage): void {
  store.meta.activate(NOW - 30 * DAY);
  allRan(store);
  webinar(
    store,
    's-1',
    'Nurturing that works: a practical session with plenty of time for questions',
    NOW + 2 * HOUR,
    70,
  );
  webinar(store, 's-2', 'Spring product webinar', NOW - DAY, 71);
  webinar(store, 's-3', 'Onboarding <for> new "customers" & friends', NOW - 6 * DAY, 72);
  for (let person = 0; person < 40; person++) {
    const session = person < 24 ? 's-1' : 's-2';
    const atMs = NOW - 10 * MINUTE - person * person * 0.5 * HOUR;
    const email = `person${person}@example.com`;
    submitted(store, session, email, atMs, person === 0 ? null : (40 + ((person * 37) % 50)) * SECOND);
    if (person > 3) listed(store, session, email, session === 's-2' && person % 3 > 0, session === 's-2');
  }
  submitted(store, 's-1', 'slow@example.com', NOW - 5 * HOUR, 14 * MINUTE);
  failed(store, 's-1', 'person1@example.com');
  failed(store, 's-1', 'person2@example.com');
  const hold = store.holds.begin(
    { cause: 'burst', form: 'form:11', sessionId: null, reason: 'too many' },
    NOW - HOUR,
  );
  store.holds.hold({ sessionId: 's-1', emailKey: 'person3@example.com' }, hold, NOW - HOUR);
  store.pauses.pause('replays', NOW - 3 * HOUR);
  store.saveGovernor(
    'livestorm',
    governor({ remaining: 900, recent: [{ startedAtMs: NOW - 20 * HOUR, own: 700, others: 300 }] }),
  );
  store.saveGovernor(
    'pardot',
    governor({
      limit: 25_000,
      remaining: 21_044,
      resetAtMs: null,
      periodStartedAtMs: NOW - 14 * HOUR,
      budget: { limit: 25_000, periodMs: DAY },
      pace: 0.5,
    }),
  );
  store.saveGovernor(
    'salesforce',
    governor({
      budget: null,
      limit: 100_000,
      remaining: 98_000,
      resetAtMs: null,
      parks: { auth: NOW + HOUR },
    }),
  );
  const finishedAtMs = NOW - 40 * SECOND;
  const problem = 'GET /list-memberships: the connection failed (ECONNRESET)';
  store.jobRuns.record({ job: 'people', startedAtMs: finishedAtMs - 200, finishedAtMs, counts: {}, problem });
  signs.dueSinceMs.set('people', finishedAtMs - 200);
  signs.dueSinceMs.set('ended_sessions', NOW - 22 * MINUTE);
}
