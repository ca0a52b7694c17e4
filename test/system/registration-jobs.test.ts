import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/domain.ts';
import type { FaultRule } from '../../src/sandbox/kernel/faults.ts';
import type { LivestormSwitches } from '../../src/sandbox/livestorm/switches.ts';
import { type LinkedWebinar, World } from '../support/world.ts';

const BULK = /^POST .*\/people\/bulk$/;
const STATUS = /^GET .*\/jobs\/[^/]+$/;
const TASKS = /^GET .*\/tasks$/;
const SINGLE = 'livestorm POST /v1/sessions/{id}/people';
const JOBS = 'livestorm POST /v1/sessions/{id}/people/bulk';

/** A linked webinar, with jobs switched on. */
async function stage(
  switches: Partial<LivestormSwitches> = {},
): Promise<{ world: World; webinar: LinkedWebinar }> {
  const world = await World.start({ switches: { livestorm: switches } });
  const webinar = await world.linkedWebinar();
  switchJobs(world, true);
  world.sandbox.log.clear();
  return { world, webinar };
}

function switchJobs(world: World, livestormJobs: boolean): void {
  world.restart({ bulk: { ...world.config.bulk, livestormJobs } });
}

function submit(world: World, { formId }: LinkedWebinar, count: number): string[] {
  const people = Array.from({ length: count }, (_, index) => `person${index}@example.org`);
  for (const email of people) world.sandbox.pardot.world.submitForm(formId, { email });
  return people;
}

function outcomes(world: World, { sessionId }: LinkedWebinar): Record<string, number> {
  const entries = world.store.registrations
    .countsByOutcome(sessionId)
    .map(({ outcome, count }) => [outcome ?? 'open', count]);
  return Object.fromEntries(entries);
}

async function untilSettled(world: World, webinar: LinkedWebinar, count: number, atMost = 60): Promise<void> {
  const waiting = ['open', 'quota_parked', 'auth_parked'];
  await world.until(
    'everybody has an outcome',
    () => {
      const ends = outcomes(world, webinar);
      const all = Object.values(ends).reduce((sum, each) => sum + each, 0);
      return all >= count && waiting.every((outcome) => !ends[outcome]);
    },
    atMost,
  );
}

/** Each of them is there, and got one mail. */
function assertMailedOnce(world: World, { sessionId }: LinkedWebinar, people: readonly string[]): void {
  const mails = people.map((email) => [
    email,
    world.sandbox.livestorm.world.confirmationsSent(sessionId, email),
  ]);
  assert.deepEqual(
    mails.filter(([, sent]) => sent !== 1),
    [],
  );
  assert.equal(world.registered(sessionId).length, people.length);
}

const calls = (world: World, route: string): number => world.sandbox.log.counts().get(route) ?? 0;

test('120 people cost at most a quarter of a Livestorm call each, and each is mailed once', async () => {
  const { world, webinar } = await stage();
  await using _ = world;
  const people = submit(world, webinar, 120);
  await untilSettled(world, webinar, 120);
  const total = world.sandbox.log.total('livestorm');
  assert.ok(total <= 30, `${total} Livestorm calls`);
  assert.deepEqual(outcomes(world, webinar), { registered: 120 });
  assert.equal(calls(world, JOBS), 3);
  const posts = world.sandbox.log.entries().filter(({ path }) => path.endsWith('/bulk'));
  const gaps = posts.slice(1).map(({ atMs }, index) => atMs - (posts[index]?.atMs ?? 0));
  assert.ok(
    gaps.every((gap) => gap >= 1250),
    `jobs followed one another after ${gaps} ms`,
  );
  await world.minutes(5);
  assertMailedOnce(world, webinar, people);
  assert.deepEqual([world.store.registrationJobs.all(), world.failures], [[], []]);
});

test('few people, or jobs switched off: one by one', async () => {
  const { world, webinar } = await stage();
  await using _ = world;
  const people = submit(world, webinar, 3);
  await untilSettled(world, webinar, 3);
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [0, 3]);
  switchJobs(world, false);
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    people.push(`${name}@example.org`);
    world.sandbox.pardot.world.submitForm(webinar.formId, { email: `${name}@example.org` });
  }
  await untilSettled(world, webinar, 8);
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [0, 8]);
  assertMailedOnce(world, webinar, people);
});

for (const spelling of [
  {},
  { jobCounters: 'prose' },
  { jobTaskEmail: false },
  { bulkWrappedTasks: true, duplicate: 422, unknownField: 400 },
] satisfies Partial<LivestormSwitches>[]) {
  test(`everybody in a job gets their own outcome (${JSON.stringify(spelling)})`, async () => {
    await using world = await World.start({ switches: { livestorm: spelling } });
    const { livestorm, pardot } = world.sandbox;
    const fields = [{ id: 'email', required: true }, { id: 'first_name' }];
    const event = livestorm.world.createEvent({ title: 'Mixed', fields });
    const { id: sessionId } = livestorm.world.createSession(event.id, {
      startsAtMs: world.clock.now() + 6 * 3_600_000,
    });
    await world.until('linked', () => world.store.links.get(sessionId)?.listId != null);
    const formId = pardot.world.createForm({
      name: 'Form',
      campaignId: world.store.links.get(sessionId)?.pardotCampaignId ?? 0,
    });
    switchJobs(world, true);
    livestorm.world.registerOnPage(sessionId, { email: 'early@example.org' });
    // The form loses a field that the daemon still believes in.
    const record = livestorm.world.state.events.get(event.id);
    assert.ok(record);
    Object.assign(record, { fields: fields.slice(0, 1) });
    const people: [string, Record<string, string>, Outcome][] = [
      ['early@example.org', {}, 'already_registered'],
      ['one@example.org', {}, 'registered'],
      ['host@workspace.example', {}, 'team_member'],
      ['acme@example.org', { firstName: 'Ada' }, 'field_unknown'],
      ['two@example.org', {}, 'registered'],
      ['THREE@example.org', {}, 'registered'],
    ];
    for (const [email, values] of people) pardot.world.submitForm(formId, { email, ...values });
    await world.until('all have an outcome', () =>
      people.every(([email]) => world.outcomeOf(sessionId, email)),
    );
    assert.deepEqual(
      people.map(([email]) => [email, world.outcomeOf(sessionId, email)]),
      people.map(([email, , outcome]) => [email, outcome]),
    );
    assert.equal(world.store.registrations.get(sessionId, 'acme@example.org')?.detail, 'without first_name');
    assert.deepEqual([calls(world, JOBS)], [1]);
    await world.minutes(5);
    for (const [email, , outcome] of people) {
      const mails = livestorm.world.confirmationsSent(sessionId, email);
      assert.equal(mails, outcome === 'team_member' ? mails : 1, email);
    }
  });
}

const lost: [string, RegExp, FaultRule['kind']][] = [
  ['the job post', BULK, 'reset_before'],
  ['the job post', BULK, 'reset_after'],
  ['the job post', BULK, 'html_500_before'],
  ['the job post', BULK, 'html_500_after'],
  ['the job post', BULK, 'cut_body'],
  ['the job post', BULK, 'empty_body'],
  ['the status', STATUS, 'reset_after'],
  ['the status', STATUS, 'html_500_after'],
  ['the tasks', TASKS, 'reset_after'],
  ['the tasks', TASKS, 'html_503'],
  ['the tasks', TASKS, 'empty_body'],
];
for (const [what, match, kind] of lost) {
  test(`everybody is registered and mailed once although ${what} meets ${kind}`, async () => {
    // The status is asked for of jobs that take long.
    const { world, webinar } = await stage(match === STATUS ? { jobDurationMs: 4 * 60_000 } : {});
    await using _ = world;
    world.sandbox.faults.arm({ vendor: 'livestorm', kind, match, times: 1 });
    const people = submit(world, webinar, 12);
    await untilSettled(world, webinar, 12);
    await world.minutes(5);
    assertMailedOnce(world, webinar, people);
    assert.deepEqual(outcomes(world, webinar), { registered: 12 });
    assert.equal(world.sandbox.faults.list()[0]?.hits, 1, 'the fault was met');
    assert.deepEqual(world.store.registrationJobs.all(), []);
  });
}

test('jobs whose outcome is never told end with everybody looked up, nobody mailed twice', async () => {
  const { world, webinar } = await stage({ duplicate: 201 });
  await using _ = world;
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'html_500_before', match: TASKS });
  const people = submit(world, webinar, 12);
  await untilSettled(world, webinar, 12);
  assertMailedOnce(world, webinar, people);
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [1, 0]);
});

test('when jobs never get an answer people are registered one by one', async () => {
  const { world, webinar } = await stage({ duplicate: 201 });
  await using _ = world;
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'html_500_before', match: BULK });
  const people = submit(world, webinar, 220);
  await untilSettled(world, webinar, 220);
  assertMailedOnce(world, webinar, people);
  assert.equal(calls(world, JOBS), 3);
});

test('jobs that are refused leave their people to the single way', async () => {
  const { world, webinar } = await stage();
  await using _ = world;
  const reply = { status: 404, body: '{"errors":[{"title":"Not found"}]}' };
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', match: BULK, reply });
  const people = submit(world, webinar, 60);
  await untilSettled(world, webinar, 60);
  assertMailedOnce(world, webinar, people);
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [2, 60]);
});

test('a job is followed over restarts, also when jobs are switched off meanwhile', async () => {
  const { world, webinar } = await stage({ jobDurationMs: 4 * 60_000, duplicate: 201 });
  await using _ = world;
  const people = submit(world, webinar, 60);
  await world.until('jobs are under way', () => world.store.registrationJobs.all().length === 2);
  for (const on of [true, false, true, false]) {
    switchJobs(world, on);
    await world.minutes();
  }
  await untilSettled(world, webinar, 60);
  assertMailedOnce(world, webinar, people);
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [2, 0]);
  assert.equal(
    world.sandbox.log
      .entries()
      .filter(({ vendor, query }) => vendor === 'livestorm' && query.includes('email')).length,
    0,
    'nobody had to be looked up',
  );
});

test('a job that does not end is left after a quarter of an hour', async () => {
  const { world, webinar } = await stage({ jobDurationMs: 24 * 3_600_000, duplicate: 201 });
  await using _ = world;
  const people = submit(world, webinar, 10);
  await untilSettled(world, webinar, 10);
  assertMailedOnce(world, webinar, people);
  assert.equal(calls(world, SINGLE), 0);
  const polls = calls(world, 'livestorm GET /v1/jobs/{id}');
  assert.ok(polls >= 5 && polls <= 20, `${polls} polls`);
});

const accountTrouble: [number, Outcome][] = [
  [401, 'auth_parked'],
  [402, 'quota_parked'],
];
for (const [status, parked] of accountTrouble) {
  test(`a job answered ${status} parks everybody as ${parked}, then they go on in a job`, async () => {
    const { world, webinar } = await stage();
    await using _ = world;
    world.sandbox.faults.arm({
      vendor: 'livestorm',
      kind: 'status',
      match: BULK,
      reply: { status, body: '' },
    });
    const people = submit(world, webinar, 60);
    await world.until('parked', () => outcomes(world, webinar)[parked] === 60);
    assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [1, 0]);
    world.sandbox.faults.clear();
    await untilSettled(world, webinar, 60, 150);
    assertMailedOnce(world, webinar, people);
    assert.equal(calls(world, SINGLE), 0);
  });
}

test('the burst limit delays jobs, it does not turn them into single calls', async () => {
  const { world, webinar } = await stage();
  await using _ = world;
  const reply = {
    status: 429,
    headers: { 'retry-after': '90' },
    body: '{"errors":[{"title":"Throttle limit"}]}',
  };
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', match: BULK, times: 2, reply });
  const people = submit(world, webinar, 60);
  await untilSettled(world, webinar, 60);
  assertMailedOnce(world, webinar, people);
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [4, 0]);
});

test('when the contact allowance ends inside a job the rest waits and loses nothing', async () => {
  const { world, webinar } = await stage({ contactAllowance: 20 });
  await using _ = world;
  const people = submit(world, webinar, 30);
  await world.until('the rest is parked', () => (outcomes(world, webinar).quota_parked ?? 0) > 0);
  world.sandbox.livestorm.switches.contactAllowance = null;
  await untilSettled(world, webinar, 30, 200);
  assertMailedOnce(world, webinar, people);
});

test('a session that is canceled before its job takes nobody more', async () => {
  const { world, webinar } = await stage();
  await using _ = world;
  // The daemon does not hear of it.
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'html_503', match: /^GET .*\/sessions$/ });
  submit(world, webinar, 60);
  world.sandbox.livestorm.world.cancelSession(webinar.sessionId);
  await untilSettled(world, webinar, 60);
  assert.deepEqual(outcomes(world, webinar), { session_canceled: 60 });
  assert.deepEqual([calls(world, JOBS), calls(world, SINGLE)], [2, 0]);
  assert.deepEqual(world.registered(webinar.sessionId), []);
});
