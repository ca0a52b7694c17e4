import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from 'undici';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { Call, FieldValue } from '../../src/domain.ts';
import { RetryableError } from '../../src/errors.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { Faults } from '../../src/sandbox/kernel/faults.ts';
import { RequestLog } from '../../src/sandbox/kernel/request-log.ts';
import { VendorServer } from '../../src/sandbox/kernel/server.ts';
import { Livestorm } from '../../src/sandbox/livestorm/service.ts';
import type { LivestormSwitches } from '../../src/sandbox/livestorm/switches.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { WRITE_FAULTS } from './write-faults.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const ADA = 'ada@example.org';

/** The client and a whole workspace on one clock, a session `upcoming` in an hour. */
async function workspace(switches: Partial<LivestormSwitches> = {}, timeoutMs = 10_000) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const faults = new Faults();
  const log = new RequestLog();
  const service = new Livestorm({
    clock,
    random: new Random(7),
    switches: { burstLimit: 10_000, ...switches },
  });
  const server = new VendorServer(service, { clock, faults, log, latencyMs: () => 0 });
  await server.listen(0);
  const dispatcher = new Agent();
  const governor = new OpenGovernor('livestorm');
  const token = { value: service.token };
  const client = new LivestormClient({
    http: { dispatcher, clock, timeoutMs, maxBytes: 5_000_000 },
    baseUrl: `${server.url}/v1`,
    token: () => token.value,
    governor,
  });
  const { world } = service;
  const event = world.createEvent({
    title: 'Launch',
    fields: [{ id: 'email', required: true }, { id: 'first_name' }, { id: 'company' }],
    estimatedDurationMinutes: 45,
  });
  const session = world.createSession(event.id, { startsAtMs: START + HOUR, name: 'Morning' });
  const call: Call = { work: 'registrations', signal: new AbortController().signal };
  return {
    ...{ clock, faults, log, service, governor, token, client, world, event, session, call },
    register: (email: string, fields: Record<string, FieldValue> = {}) =>
      client.register(session.id, { email, ...fields }, call),
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('session and event come across', async () => {
  await using w = await workspace();
  await w.client.ping(w.call);
  assert.deepEqual(await w.client.session(w.session.id, w.call), {
    id: w.session.id,
    eventId: w.event.id,
    status: 'upcoming',
    name: 'Morning',
    estimatedStartedAtMs: START + HOUR,
    startedAtMs: null,
    endedAtMs: null,
    canceledAtMs: null,
    createdAtMs: START,
    updatedAtMs: START,
    registrantsCount: 3,
    isBreakoutRoom: false,
  });
  const event = await w.client.event(w.event.id, w.call);
  assert.deepEqual(
    [event?.title, event?.published, event?.schedulingStatus, event?.estimatedDurationMs],
    ['Launch', true, 'upcoming', 45 * MINUTE],
  );
  assert.deepEqual(
    event?.fields.map(({ id, required }) => [id, required]),
    [
      ['email', true],
      ['first_name', false],
      ['company', false],
    ],
  );
  const nobody = '00000000-0000-4000-8000-000000000000';
  assert.equal(await w.client.session(nobody, w.call), null);
  assert.equal(await w.client.event(nobody, w.call), null);
});

for (const timeFilters of ['inclusive', 'exclusive', 'ignored'] as const) {
  test(`sessions changed since, time filters ${timeFilters}`, async () => {
    await using w = await workspace({ timeFilters });
    await w.clock.advance(HOUR);
    const later = w.world.createSession(w.event.id, { startsAtMs: START + 5 * HOUR });
    const changed = await w.client.listSessions({ updatedSinceMs: START + MINUTE }, w.call);
    assert.deepEqual(
      changed.map(({ id }) => id),
      [later.id],
    );
    const upcoming = await w.client.listSessions({ startsSinceMs: START + 2 * HOUR }, w.call);
    assert.deepEqual(
      upcoming.map(({ id }) => id),
      [later.id],
    );
    assert.equal((await w.client.listSessions({ updatedSinceMs: 0 }, w.call)).length, 2);
  });
}

for (const [what, switches] of [
  ['in the order of creation', { order: 'stable' }],
  ['in a new order at every walk', { order: 'per_walk' }],
  ['with the older meta', { pagingMeta: 'old' }],
  ['with page_count 1 when empty', { emptyPageCount: 1 }],
] as const) {
  test(`every session, many pages, ${what}`, async () => {
    await using w = await workspace(switches);
    for (let i = 0; i < 119; i++) w.world.createSession(w.event.id, { startsAtMs: START + HOUR });
    const sessions = await w.client.listSessions({ updatedSinceMs: 0 }, w.call);
    assert.equal(new Set(sessions.map(({ id }) => id)).size, 120);
    assert.equal(w.log.total('livestorm'), 3);
    assert.deepEqual(await w.client.listSessions({ updatedSinceMs: START + DAY }, w.call), []);
  });
}

test('every registrant, many pages', async () => {
  await using w = await workspace();
  for (let i = 0; i < 117; i++) w.world.registerOnPage(w.session.id, { email: `p${i}@example.org` });
  const { registrants, complete } = await w.client.listRegistrants(w.session.id, w.call);
  assert.equal(complete, true);
  assert.equal(new Set(registrants.map(({ email }) => email)).size, 120);
  assert.deepEqual(
    registrants.filter(({ role, isGuestSpeaker, isAnonymous }) => {
      return role === 'team_member' || isGuestSpeaker || isAnonymous;
    }).length,
    3,
  );
  assert.equal(w.log.total('livestorm'), 3);
  assert.equal((await w.client.listTeam(w.session.id, w.call)).length, 1);
});

test('where pages overlap and miss rows, the list is never taken for complete when it is not', async () => {
  await using w = await workspace({ order: 'per_request' });
  for (let i = 0; i < 117; i++) w.world.registerOnPage(w.session.id, { email: `p${i}@example.org` });
  const { registrants, complete } = await w.client.listRegistrants(w.session.id, w.call);
  assert.equal(complete, new Set(registrants.map(({ personId }) => personId)).size === 120);
  assert.equal(w.log.total('livestorm'), 6);
});

for (const [duplicate, unknownField] of [
  [409, 422],
  [422, 400],
] as const) {
  test(`registering: new, again (${duplicate}), with an unknown field (${unknownField})`, async () => {
    await using w = await workspace({ duplicate, unknownField });
    const answer = await w.register(ADA, { first_name: 'Ada', company: 'ACME' });
    assert.equal(answer.result, 'registered');
    const found = await w.client.findRegistrant(w.session.id, 'ADA@Example.org', w.call);
    assert.equal(answer.result === 'registered' && answer.personId, found?.personId);
    assert.deepEqual([found?.email, found?.firstName, found?.fields.company], [ADA, 'Ada', 'ACME']);
    assert.deepEqual(await w.register(ADA), { result: 'already_registered' });
    assert.deepEqual(await w.register('bob@example.org', { job: 'x' }), {
      result: 'unknown_field',
      fieldId: 'job',
    });
    assert.equal(await w.client.findRegistrant(w.session.id, 'bob@example.org', w.call), null);
    assert.equal(w.world.confirmationsSent(w.session.id, ADA), 1);
  });
}

for (const emailCase of ['folded', 'kept', 'distinct'] as const) {
  test(`an address in capitals is registered as it is, letter case ${emailCase}`, async () => {
    await using w = await workspace({ emailCase });
    await w.register('Ada@Example.org');
    const people = await w.client.listRegistrants(w.session.id, w.call);
    assert.ok(people.registrants.some(({ email }) => email.toLowerCase() === ADA));
  });
}

test('refusals: closed session, bad e-mail, unknown session', async () => {
  await using w = await workspace();
  await assert.rejects(w.register('no address'), { name: 'RefusedError', status: 422 });
  await assert.rejects(w.client.register('00000000-0000-4000-8000-000000000000', { email: ADA }, w.call), {
    name: 'RefusedError',
    status: 404,
  });
  w.world.cancelSession(w.session.id);
  await assert.rejects(w.register(ADA), { name: 'RefusedError', status: 422 });
});

test('a person is taken out of a session by id; a second time, and whoever was never there, changes nothing', async () => {
  await using w = await workspace();
  await w.register(ADA);
  await w.register('bob@example.org');
  const { personId = '' } = (await w.client.findRegistrant(w.session.id, ADA, w.call)) ?? {};
  for (const id of [personId, personId, 'somebody']) await w.client.unregister(w.session.id, id, w.call);
  assert.equal(await w.client.findRegistrant(w.session.id, ADA, w.call), null);
  assert.notEqual(await w.client.findRegistrant(w.session.id, 'bob@example.org', w.call), null);
  w.faults.arm({ vendor: 'livestorm', kind: 'html_500_before', match: /^DELETE /, times: 1 });
  await assert.rejects(w.client.unregister(w.session.id, personId, w.call), RetryableError);
});

test('attendance after the end, then a replay view', async () => {
  await using w = await workspace({ attendanceCorrectionMs: null });
  await w.register(ADA);
  await w.register('bob@example.org');
  w.world.startSession(w.session.id);
  await w.clock.advance(HOUR);
  w.world.join(w.session.id, ADA, { durationSeconds: 1800, messages: 3, questions: 2 });
  w.world.endSession(w.session.id);
  await w.clock.advance(10 * MINUTE);
  const ended = await w.client.session(w.session.id, w.call);
  assert.deepEqual([ended?.status, ended?.endedAtMs], ['past', START + HOUR]);
  const ada = await w.client.findRegistrant(w.session.id, ADA, w.call);
  assert.deepEqual(ada?.attendance, {
    attended: true,
    durationSeconds: 1800,
    rate: 50,
    messages: 3,
    questions: 2,
  });
  assert.equal(ada?.replay, null);
  const bob = await w.client.findRegistrant(w.session.id, 'bob@example.org', w.call);
  assert.deepEqual([bob?.attendance.attended, bob?.attendance.durationSeconds], [false, 0]);
  w.world.watchReplay(w.session.id, 'bob@example.org');
  const viewer = await w.client.findRegistrant(w.session.id, 'bob@example.org', w.call);
  assert.deepEqual(viewer?.replay, { watchedAtMs: w.clock.now() });
});

test('a wrong token', async () => {
  await using w = await workspace();
  w.token.value = 'Bearer x';
  await assert.rejects(w.client.ping(w.call), { name: 'AuthError', status: 401 });
});

test('the contact allowance', async () => {
  await using w = await workspace({ contactAllowance: 0 });
  await assert.rejects(w.register(ADA), { name: 'ParkedError', reason: 'allowance' });
});

for (const rateLimitHeaders of ['monthly', 'montly'] as const) {
  test(`quota figures, spelt ${rateLimitHeaders}`, async () => {
    await using w = await workspace({ rateLimitHeaders });
    await w.client.ping(w.call);
    assert.deepEqual(w.governor.observed, { limit: 10_000, remaining: 9_999 });
  });
}

test('the burst limit', async () => {
  await using w = await workspace({ burstLimit: 1 });
  await w.client.ping(w.call);
  await assert.rejects(w.client.ping(w.call), { applied: 'not_applied', notBeforeMs: START + SECOND });
  assert.deepEqual(w.governor.parks, [{ reason: 'rate', untilMs: START + SECOND }]);
});

for (const switches of [
  { rateLimitReset: 'seconds' },
  { rateLimitReset: 'milliseconds' },
  { rateLimitReset: 'iso', retryAfter: false },
  { rateLimitHeaders: 'missing' },
] as const) {
  test(`the monthly quota: ${JSON.stringify(switches)}`, async () => {
    await using w = await workspace({ monthlyLimit: 1, ...switches });
    await w.client.ping(w.call);
    const untilMs = START + 30 * 24 * HOUR;
    await assert.rejects(w.client.ping(w.call), { name: 'ParkedError', reason: 'quota', untilMs });
    assert.deepEqual(w.governor.parks, [{ reason: 'quota', untilMs }]);
  });
}

for (const [kind, applied, tookPlace] of WRITE_FAULTS) {
  test(`${kind}: ${applied}, and doing it again registers exactly once`, async () => {
    await using w = await workspace({}, kind.startsWith('stall') ? 200 : 10_000);
    w.faults.arm({ vendor: 'livestorm', kind, match: /^POST /, times: 1 });
    await assert.rejects(w.register(ADA), (error) => {
      assert.ok(error instanceof RetryableError, String(error));
      assert.equal(error.applied, applied);
      return true;
    });
    const registered = w.world.people(w.session.id).filter(({ email }) => email === ADA);
    assert.equal(registered.length, tookPlace ? 1 : 0);
    assert.equal((await w.register(ADA)).result, tookPlace ? 'already_registered' : 'registered');
    assert.equal(w.world.confirmationsSent(w.session.id, ADA), 1);
  });
}
