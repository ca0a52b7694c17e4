import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import type { JobStatus, JobTask, LivestormJobsClient } from '../../src/clients/livestorm-jobs.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { FieldValue, Registrant } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { registrationJobs } from '../../src/reconcile/registration-jobs.ts';
import { registrationsReconciler } from '../../src/reconcile/registrations.ts';
import { openStoreReadOnly } from '../../src/store/store.ts';
import {
  aField,
  anEvent,
  aProspect,
  aReading,
  aRegistrant,
  aRun,
  aSession,
  aSubmission,
  fake,
  link,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const KIND = 'livestorm_registration';
const AT = { vendor: 'livestorm', operation: 'POST /sessions/{id}/people/bulk' } as const;
const RUNNING: JobStatus = { isOver: false, total: null, handled: null, succeeded: null, failed: null };
const OVER: JobStatus = { ...RUNNING, isOver: true };

interface Vendor {
  /** Called while a job is being posted. */
  onPost?: () => void;
  status?: () => JobStatus;
  result?: JobTask['result'] | (() => JobTask['result']);
  people?: Registrant[];
  dryRun?: boolean;
  startNew?: boolean;
}

/** Session-1 on campaign 70, whose form has company; so many people submitted with company and phone. */
function setUp(t: TestContext, count: number, vendor: Vendor = {}) {
  const clock = new VirtualClock(START);
  const { store, stateDir } = temporaryStore(t);
  const { log } = recordingLog();
  link(store, aSession());
  store.sessions.observeEvent(anEvent({ fields: [aField()] }), START);
  for (let index = 0; index < count; index++) {
    const fields = { company: 'Acme', phone: '1' };
    const prospect = aProspect({ id: 500 + index, email: `P${index}@example.com`, fields });
    store.submissions.observe(aSubmission({ activityId: 1000 + index, prospect }), null, START);
  }
  const jobs: { atMs: number; people: readonly Readonly<Record<string, FieldValue>>[] }[] = [];
  const polls: string[] = [];
  const single: string[] = [];
  const livestormJobs = fake<LivestormJobsClient>({
    startRegistration: async (_id, people) => {
      jobs.push({ atMs: clock.now(), people });
      vendor.onPost?.();
      return { jobId: `job-${jobs.length}` };
    },
    status: async () => {
      polls.push(`status ${(clock.now() - START) / SECOND}s`);
      return vendor.status?.() ?? OVER;
    },
    tasks: async (jobId) => {
      polls.push(`tasks ${(clock.now() - START) / SECOND}s`);
      const { result = 'registered' } = vendor;
      return (jobs[Number(jobId.slice(4)) - 1]?.people ?? []).map((_, index) => ({
        index,
        emailKey: null,
        result: typeof result === 'string' ? result : result(),
        problem: '',
      }));
    },
  });
  const livestorm = fake<LivestormClient>({
    register: async (_id, { email }) => {
      single.push(String(email));
      return { result: 'registered', personId: 'person-1', role: 'participant' };
    },
    findRegistrant: async (_id, email) => vendor.people?.find((person) => person.email === email) ?? null,
    session: async () => aSession(),
  });
  const rules = {
    fields: new Map([
      ['company', 'company'],
      ['phone', 'phone'],
    ]),
    allowedDomains: [],
    deniedDomains: [],
  };
  const restart = () => {
    const { dryRun = false, startNew = true } = vendor;
    const parts = { livestorm, livestormJobs, store, clock, log, dryRun };
    return registrationsReconciler({ ...parts, rules, jobs: registrationJobs({ ...parts, startNew }) });
  };
  const reconcile = restart();
  const states = () => [...new Set(store.effects.all(KIND).map(({ state }) => state))];
  const outcomes = () => [...new Set(store.registrations.all().map(({ outcome }) => outcome))];
  const run = () => reconcile(aRun());
  return { clock, store, stateDir, jobs, polls, single, states, outcomes, run, restart };
}

test('rows and job are on disk before the job is posted; the form decides which fields go', async (t) => {
  let seen: unknown;
  const { stateDir, store, jobs, run } = setUp(t, 4, {
    onPost: () => {
      using beside = openStoreReadOnly(stateDir);
      const [job] = beside.registrationJobs.all();
      seen = [
        beside.effects.all(KIND).map(({ id, state, attempts }) => [id, state, attempts]),
        [job?.effectIds, job?.jobId, job?.sessionId],
      ];
    },
  });
  assert.deepEqual(await run(), { requested: 4, ended: 0, jobs: 1 });
  const ids = store.effects.all(KIND).map(({ id }) => id);
  assert.deepEqual(seen, [ids.map((id) => [id, 'sending', 1]), [ids, null, 'session-1']]);
  assert.deepEqual(
    jobs[0]?.people,
    [0, 1, 2, 3].map((index) => ({ company: 'Acme', email: `P${index}@example.com` })),
  );
  assert.equal(store.registrationJobs.all()[0]?.jobId, 'job-1');
});

test('jobs of at most 50 follow one another in 1.25 seconds; what is left over goes alone', async (t) => {
  const { jobs, single, run } = setUp(t, 103);
  assert.deepEqual(await run(), { requested: 103, ended: 0, jobs: 2, done: 3 });
  assert.deepEqual(
    jobs.map(({ people }) => people.length),
    [50, 50],
  );
  assert.equal((jobs[1]?.atMs ?? 0) - (jobs[0]?.atMs ?? 0), 1250);
  assert.equal(single.length, 3);
});

test('a job that was started before the clock is set back is asked all the same', async (t) => {
  const { clock, outcomes, run } = setUp(t, 4);
  await run();
  clock.jump(-5 * HOUR);
  await clock.advance(10 * SECOND);
  await run();
  assert.deepEqual(outcomes(), ['registered']);
});

test('a job is asked ever more seldom, and is no interruption while it works', async (t) => {
  let status = RUNNING;
  const { clock, store, polls, single, states, outcomes, run } = setUp(t, 4, {
    status: () => status,
    result: () => (status.isOver ? 'registered' : 'open'),
  });
  await run();
  for (let second = 0; second < 100; second++) {
    await clock.advance(SECOND);
    await run();
  }
  assert.deepEqual(polls, ['tasks 5s', 'tasks 15s', 'tasks 35s', 'status 75s']);
  assert.deepEqual([states(), outcomes(), single], [['sending'], [null], []]);
  status = OVER;
  await clock.advance(MINUTE);
  assert.deepEqual(await run(), { requested: 0, ended: 0, done: 4 });
  assert.deepEqual([states(), outcomes(), single], [['done'], ['registered'], []]);
  assert.equal(store.registrations.get('session-1', 'p0@example.com')?.detail, 'without phone');
  assert.deepEqual(store.registrationJobs.all(), []);
});

test('a job that is over soon costs one look, tasks in unknown words do not keep it open', async (t) => {
  const { clock, polls, outcomes, run } = setUp(t, 4);
  await run();
  await clock.advance(5 * SECOND);
  assert.deepEqual(await run(), { requested: 0, ended: 0, done: 4 });
  assert.deepEqual([polls, outcomes()], [['tasks 5s'], ['registered']]);
  const strange = setUp(t, 4, { result: 'open' });
  await strange.run();
  for (let second = 0; second < 75; second++) {
    await strange.clock.advance(SECOND);
    await strange.run();
  }
  assert.deepEqual(strange.polls.slice(3), ['status 75s', 'tasks 75s']);
  assert.deepEqual(strange.states(), ['unknown']);
});

test('after a stop without the id of the job everybody is looked up, not before it had its time', async (t) => {
  const people = [aRegistrant({ email: 'P0@example.com' }), aRegistrant({ email: 'P1@example.com' })];
  const vendor: Vendor = { dryRun: true, people };
  const { clock, store, jobs, single, states, run, restart } = setUp(t, 5, vendor);
  assert.deepEqual(await run(), { requested: 5, ended: 0 }, 'a dry run only plans');
  // What a stop right after the request left leaves behind.
  const effectIds = store.effects.all(KIND).map(({ id }) => id);
  for (const id of effectIds) store.effects.markSending(id, clock.now());
  store.registrationJobs.begin({ sessionId: 'session-1', effectIds }, clock.now());
  vendor.dryRun = false;
  const reconcile = restart();
  await reconcile(aRun());
  assert.deepEqual([states(), store.registrationJobs.all()], [['unknown'], []]);
  await clock.advance(5 * MINUTE - SECOND);
  await reconcile(aRun());
  assert.deepEqual([states(), single], [['unknown'], []]);
  await clock.advance(SECOND);
  await reconcile(aRun());
  assert.deepEqual([states(), single, jobs], [['done'], [2, 3, 4].map((n) => `P${n}@example.com`), []]);
});

test('refused tasks go the single way, which looks first', async (t) => {
  const people = [aRegistrant({ email: 'P0@example.com' })];
  const { clock, jobs, single, outcomes, run } = setUp(t, 4, { result: 'refused', people });
  await run();
  await clock.advance(5 * SECOND);
  assert.deepEqual(await run(), { requested: 0, ended: 0, retry: 4 });
  await clock.advance(30 * SECOND);
  assert.deepEqual(await run(), { requested: 0, ended: 0, done: 4 });
  assert.deepEqual(single, ['P1@example.com', 'P2@example.com', 'P3@example.com']);
  assert.deepEqual([outcomes(), jobs.length], [['registered'], 1]);
});

test('a refused job is not posted again, its people go alone', async (t) => {
  const { jobs, single, outcomes, run } = setUp(t, 60, {
    onPost: () => {
      if (jobs.length > 2) assert.fail('posted again');
      throw new RefusedError('no', { ...AT, status: 404 });
    },
  });
  assert.deepEqual(await run(), { requested: 60, ended: 0, retry: 2, done: 60 });
  assert.deepEqual([jobs.length, single.length, outcomes()], [2, 60, ['registered']]);
});

test('who is known to be of the team, by then or when the job is over, is not counted as registered', async (t) => {
  const { store, clock, jobs, run } = setUp(t, 6);
  const member = (email: string) =>
    store.registrants.observe('session-1', aReading({ email, role: 'team_member' }), START);
  member('p1@example.com');
  assert.deepEqual(await run(), { requested: 6, ended: 0, skipped: 1, jobs: 1 });
  assert.equal(jobs[0]?.people.length, 5);
  member('p2@example.com');
  await clock.advance(5 * SECOND);
  await run();
  const outcomes = store.registrations.all().map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, [
    'registered',
    'team_member',
    'team_member',
    'registered',
    'registered',
    'registered',
  ]);
});

test('a session that ended while people waited takes nobody, without a call', async (t) => {
  const vendor: Vendor = { dryRun: true };
  const { store, jobs, single, outcomes, run, restart } = setUp(t, 60, vendor);
  await run();
  store.sessions.observe(aSession({ status: 'past' }), START);
  vendor.dryRun = false;
  assert.deepEqual(await restart()(aRun()), { requested: 0, ended: 0, skipped: 60 });
  assert.deepEqual([outcomes(), jobs, single], [['session_ended'], [], []]);
});

test('switched off, nothing is started and what works is followed to its end', async (t) => {
  const vendor: Vendor = {};
  const { clock, jobs, single, outcomes, run, restart } = setUp(t, 4, vendor);
  await run();
  vendor.startNew = false;
  await clock.advance(5 * SECOND);
  assert.deepEqual(await restart()(aRun()), { requested: 0, ended: 0, done: 4 });
  assert.deepEqual([jobs.length, single, outcomes()], [1, [], ['registered']]);
});

test('a run that is told to stop posts nothing more', async (t) => {
  let stopping = false;
  const { jobs, single, restart } = setUp(t, 120, {
    onPost: () => {
      stopping = true;
    },
  });
  await restart()(aRun({ stopping: () => stopping }));
  assert.deepEqual([jobs.length, single], [1, []]);
});

test('without an answer everybody waits; the third time in a row people go one by one', async (t) => {
  const { clock, jobs, single, run } = setUp(t, 250, {
    onPost: () => {
      throw new RetryableError('no answer', { ...AT, applied: 'unknown' });
    },
  });
  await run();
  assert.deepEqual([jobs.length, single.length], [1, 0]);
  await clock.advance(5 * SECOND);
  await run();
  assert.deepEqual([jobs.length, single.length], [2, 0]);
  await clock.advance(10 * SECOND);
  await run();
  assert.deepEqual([jobs.length, single.length], [3, 100]);
  await clock.advance(5 * MINUTE);
  await run();
  assert.deepEqual([jobs.length, single.length], [3, 250]);
});
