import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { FaultRule } from '../../src/sandbox/kernel/faults.ts';
import { World } from '../support/world.ts';

const EMAIL = 'ada@example.org';
const POST_PEOPLE = /^POST .*\/people$/;

async function registeredOnceUnder(rule: FaultRule, minutes = 30): Promise<void> {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.faults.arm(rule);
  world.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  await world.until(
    `registered under ${rule.kind}`,
    () => world.outcomeOf(sessionId, EMAIL) === 'registered',
    minutes,
  );
  await world.minutes(5);
  assert.deepEqual(world.registered(sessionId), [{ email: EMAIL, confirmations: 1 }]);
  assert.equal(world.sandbox.faults.list()[0]?.hits, rule.times, 'the fault was met');
}

const livestormFaults: [string, FaultRule][] = [
  [
    'the answer is lost after the registration',
    { vendor: 'livestorm', kind: 'reset_after', match: POST_PEOPLE, times: 1 },
  ],
  [
    'the connection is reset before it',
    { vendor: 'livestorm', kind: 'reset_before', match: POST_PEOPLE, times: 2 },
  ],
  [
    'the answer is cut in the middle',
    { vendor: 'livestorm', kind: 'cut_body', match: POST_PEOPLE, times: 1 },
  ],
  [
    'an HTML 500 comes although it was applied',
    { vendor: 'livestorm', kind: 'html_500_after', match: POST_PEOPLE, times: 1 },
  ],
  ['an HTML 503 comes three times', { vendor: 'livestorm', kind: 'html_503', match: POST_PEOPLE, times: 3 }],
  ['the body is empty', { vendor: 'livestorm', kind: 'empty_body', match: POST_PEOPLE, times: 1 }],
  ['a redirect is answered', { vendor: 'livestorm', kind: 'redirect', match: POST_PEOPLE, times: 1 }],
  [
    'the burst limit is met',
    {
      vendor: 'livestorm',
      kind: 'status',
      match: POST_PEOPLE,
      times: 2,
      reply: {
        status: 429,
        headers: { 'retry-after': '90' },
        body: '{"errors":[{"title":"Throttle limit"}]}',
      },
    },
  ],
];
for (const [name, rule] of livestormFaults) {
  test(`registered exactly once when ${name}`, () => registeredOnceUnder(rule));
}

const pardotFaults: [string, FaultRule][] = [
  [
    'reading submissions answers 504 pages',
    { vendor: 'pardot', kind: 'html_503', match: /visitor-activities/, times: 3 },
  ],
  [
    'a page of submissions is cut',
    { vendor: 'pardot', kind: 'cut_body', match: /visitor-activities/, times: 2 },
  ],
  [
    'the token is refused',
    {
      vendor: 'pardot',
      kind: 'status',
      match: /visitor-activities/,
      times: 1,
      reply: { status: 401, body: '{"code":184,"message":"access_token is invalid, unknown, or malformed"}' },
    },
  ],
  [
    'all places for concurrent calls are taken',
    {
      vendor: 'pardot',
      kind: 'status',
      match: /visitor-activities/,
      times: 2,
      reply: { status: 400, body: '{"code":66,"message":"You have exceeded your concurrency limit"}' },
    },
  ],
];
for (const [name, rule] of pardotFaults) {
  test(`registered exactly once although ${name}`, () => registeredOnceUnder(rule));
}

test('an expired Salesforce session is renewed, for Salesforce and Pardot alike', async () => {
  await using world = await World.start();
  await world.linkedWebinar('First');
  world.sandbox.salesforce.world.revokeSessions();
  const { sessionId, formId } = await world.linkedWebinar('Second');
  world.sandbox.salesforce.world.revokeSessions();
  world.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 20);
  assert.ok(world.sandbox.salesforce.world.tokenRequests <= 4);
});

test('a dead credential parks the work, makes few token requests, and loses nobody', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const before = world.sandbox.salesforce.world.tokenRequests;
  world.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  world.sandbox.faults.arm({
    vendor: 'salesforce',
    kind: 'status',
    match: /token/,
    reply: {
      status: 400,
      body: '{"error":"invalid_grant","error_description":"user hasn\'t approved this consumer"}',
    },
  });
  world.sandbox.salesforce.world.revokeSessions();
  await world.minutes(20);
  assert.equal(world.outcomeOf(sessionId, EMAIL), null);
  const entries = world.sandbox.log.entries().filter(({ path }) => path.includes('/oauth2/token'));
  assert.ok(entries.length - before <= 6, `${entries.length - before} token requests in 20 minutes`);
  world.sandbox.faults.clear();
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 30);
});

test('a refused Livestorm token parks registrations with a reason, then they go on', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'status', reply: { status: 401, body: '' } });
  world.sandbox.pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('parked', () => world.outcomeOf(sessionId, EMAIL) === 'auth_parked', 10);
  world.sandbox.faults.clear();
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 30);
  assert.deepEqual(world.registered(sessionId), [{ email: EMAIL, confirmations: 1 }]);
});

test('when the contact allowance is used up everybody waits and nobody fails', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.faults.arm({
    vendor: 'livestorm',
    kind: 'status',
    match: POST_PEOPLE,
    reply: { status: 402, body: '' },
  });
  for (const name of ['a', 'b', 'c'])
    world.sandbox.pardot.world.submitForm(formId, { email: `${name}@example.org` });
  await world.minutes(10);
  const outcomes = world.store.registrations.all().map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ['quota_parked', 'quota_parked', 'quota_parked']);
  world.sandbox.faults.clear();
  await world.until('all registered', () => world.registered(sessionId).length === 3, 150);
});

test('restarts between any two minutes lose nobody and mail nobody twice', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  const people = Array.from({ length: 12 }, (_, index) => `person${index}@example.org`);
  for (const email of people) {
    world.sandbox.pardot.world.submitForm(formId, { email });
    world.restart();
    await world.minutes();
    world.restart();
  }
  await world.until('all are registered', () => world.registered(sessionId).length === people.length, 10);
  assert.ok(world.registered(sessionId).every(({ confirmations }) => confirmations === 1));
});

test('a campaign that is mirrored late is awaited, reported, and linked in the end', async () => {
  await using world = await World.start({ switches: { pardot: { connectorPaused: true } } });
  const { livestorm, pardot } = world.sandbox;
  const event = livestorm.world.createEvent({ title: 'Late' });
  const { id } = livestorm.world.createSession(event.id, { startsAtMs: world.clock.now() + DAY });
  await world.minutes(60);
  assert.equal(world.store.links.get(id)?.pardotCampaignId, null);
  assert.ok(
    world.lines.some(({ level, message }) => level === 'warn' && message.includes('Connected Campaigns')),
  );
  pardot.switches.connectorPaused = false;
  await world.until('linked', () => world.store.links.get(id)?.listId != null, 60);
  assert.equal(world.sandbox.salesforce.world.campaigns().length, 1);
});

test('a list whose making got no answer is found again, not made twice', async () => {
  await using world = await World.start();
  world.sandbox.faults.arm({ vendor: 'pardot', kind: 'reset_after', match: /^POST .*\/lists$/, times: 1 });
  await world.linkedWebinar();
  assert.equal(world.sandbox.pardot.world.lists().length, 1);
  assert.equal(world.sandbox.faults.list()[0]?.hits, 1);
});

test('submissions that show up late, out of order, or without a prospect at first are all registered', async () => {
  await using world = await World.start({ switches: { pardot: { lowerIdChance: 0.5 } } });
  const { sessionId, formId } = await world.linkedWebinar();
  const { pardot } = world.sandbox;
  pardot.switches.lateRows = { next: 2, chance: 0, delayMs: 10 * MINUTE };
  for (const name of ['late1', 'late2', 'prompt'])
    pardot.world.submitForm(formId, { email: `${name}@example.org` });
  pardot.switches.lateProspectIds = { next: 1, chance: 0, delayMs: 40 * MINUTE };
  pardot.world.submitForm(formId, { email: 'unknown@example.org' });
  await world.until('all four are registered', () => world.registered(sessionId).length === 4, 90);
  assert.ok(world.registered(sessionId).every(({ confirmations }) => confirmations === 1));
});

test('a prospect deleted before its attendance is written stays deleted', async () => {
  await using world = await World.start();
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('registered', () => world.outcomeOf(sessionId, EMAIL) === 'registered', 5);
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.join(sessionId, EMAIL, { durationSeconds: 600 });
  await world.skipTo(startsAtMs + HOUR);
  livestorm.world.endSession(sessionId);
  const [prospect] = pardot.world.prospectsByEmail(EMAIL);
  pardot.world.deleteProspect(prospect?.id ?? 0);
  await world.skipTo(world.clock.now() + 40 * MINUTE);
  const [after] = pardot.world.prospectsByEmail(EMAIL);
  assert.equal(after?.isDeleted, true);
  assert.deepEqual(after?.apiWrites, []);
  assert.deepEqual(
    world.store.effects.all('prospect_fields').map(({ state, reason }) => ({ state, reason })),
    [{ state: 'skipped', reason: 'prospect_deleted' }],
  );
});

test('an older session never overwrites what a newer one wrote', async () => {
  await using world = await World.start();
  const older = await world.linkedWebinar('Older');
  const newer = await world.linkedWebinar('Newer');
  const { livestorm, pardot } = world.sandbox;
  for (const { formId } of [older, newer]) pardot.world.submitForm(formId, { email: EMAIL });
  await world.until('registered twice', () => world.registered(newer.sessionId).length === 1, 5);
  await world.skipTo(older.startsAtMs);
  livestorm.world.startSession(older.sessionId);
  livestorm.world.join(older.sessionId, EMAIL, { durationSeconds: 111 });
  await world.skipTo(newer.startsAtMs + MINUTE);
  livestorm.world.startSession(newer.sessionId);
  livestorm.world.join(newer.sessionId, EMAIL, { durationSeconds: 222 });
  await world.skipTo(newer.startsAtMs + HOUR);
  livestorm.world.endSession(newer.sessionId);
  await world.minutes(12);
  livestorm.world.endSession(older.sessionId);
  for (const wait of [20 * MINUTE, 30 * MINUTE, 3 * HOUR, DAY]) await world.skipTo(world.clock.now() + wait);
  const [prospect] = pardot.world.prospectsByEmail(EMAIL);
  assert.equal(prospect?.customFields.Webinar_Session__c, 'Newer');
  assert.equal(String(prospect?.customFields.Webinar_Duration__c), '222');
  assert.ok(world.store.attendance.passes(older.sessionId).length > 0);
});

test('the vendors see no more than their limits allow', async () => {
  await using world = await World.start();
  const { sessionId, formId } = await world.linkedWebinar();
  for (let index = 0; index < 60; index++)
    world.sandbox.pardot.world.submitForm(formId, { email: `p${index}@example.org` });
  await world.until('all are registered', () => world.registered(sessionId).length === 60, 10);
  assert.ok(world.sandbox.livestorm.limits.maxStartsInAnySecond() <= 5);
  assert.equal(world.sandbox.log.entries().filter(({ status }) => status === 429).length, 0);
});
