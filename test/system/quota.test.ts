import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { SavedGovernor } from '../../src/governor/state.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { World } from '../support/world.ts';

/** A workspace that has been in use: sessions to come and past, none of them ours. */
function inUse({ livestorm }: Sandbox, startAtMs: number): void {
  for (const days of [-20, -6, -1, 2, 5, 12]) {
    const event = livestorm.world.createEvent({ title: `In ${days} days` });
    livestorm.world.createSession(event.id, { startsAtMs: startAtMs + days * DAY });
  }
}

/** A day in rounds as dense as discovery can be while nothing is near: five minutes at first, then a quarter of an hour. */
async function day(world: World): Promise<number> {
  const before = world.sandbox.log.total('livestorm');
  const endsAtMs = world.clock.now() + DAY;
  const isFirst = before === 0;
  while (world.clock.now() < endsAtMs) {
    const isEarly = isFirst && world.clock.now() < endsAtMs - 21 * HOUR;
    await world.clock.advance((isEarly ? 4 : 14) * MINUTE);
    await world.minutes();
  }
  return world.sandbox.log.total('livestorm') - before;
}

test('a day on which nothing happens costs at most 30 Livestorm calls, the first one included', async () => {
  await using world = await World.start({ inProcess: true, before: inUse });
  const event = world.sandbox.livestorm.world.createEvent({ title: 'In a week' });
  const { id } = world.sandbox.livestorm.world.createSession(event.id, {
    startsAtMs: world.clock.now() + 7 * DAY,
  });
  const days: number[] = [];
  for (let count = 0; count < 4; count++) days.push(await day(world));
  assert.notEqual(world.store.links.get(id)?.listId ?? null, null, 'the session was found and linked');
  assert.ok(Math.max(...days) <= 30, `calls on each day: ${days.join(', ')}`);
  assert.deepEqual(world.failures, []);
});

test('an idle hour stays within 1,800 calls a day at Account Engagement', async () => {
  await using world = await World.start({ inProcess: true });
  await world.linkedWebinar();
  const before = world.sandbox.log.total('pardot');
  await world.minutes(60);
  const calls = world.sandbox.log.total('pardot') - before;
  assert.ok(calls * 24 <= 1_800, `${calls} calls in an hour`);
});

test('Livestorm sees no more than 5 calls in any second, and nobody complains, however long the way is', async () => {
  const random = new Random(3);
  await using world = await World.start({ inProcess: { latencyMs: () => random.between(0, 40) } });
  const { sessionId, formId } = await world.linkedWebinar();
  for (let index = 0; index < 60; index++)
    world.sandbox.pardot.world.submitForm(formId, { email: `p${index}@example.org` });
  await world.until('all are registered', () => world.registered(sessionId).length === 60, 10);
  assert.ok(world.sandbox.livestorm.limits.maxStartsInAnySecond() <= 5);
  assert.deepEqual(
    world.sandbox.log.entries().filter(({ status }) => status >= 400),
    [],
  );
});

test('the places that other tools leave at Account Engagement are enough, and few calls are refused', async () => {
  const random = new Random(5);
  await using world = await World.start({ inProcess: { latencyMs: () => random.between(50, 200) } });
  const { sessionId } = await world.linkedWebinar();
  world.sandbox.pardot.switches.othersInFlight = 4;
  for (let index = 0; index < 40; index++)
    world.sandbox.livestorm.world.registerOnPage(sessionId, { email: `p${index}@example.org` });
  const isListed = (): boolean =>
    world.store.effects
      .counts()
      .some(({ kind, state, count }) => kind === 'list_membership' && state === 'done' && count >= 40);
  await world.until('all are on the list', isListed, 60);
  const calls = world.sandbox.log.entries().filter(({ vendor }) => vendor === 'pardot');
  const refused = calls.filter(({ status }) => status >= 400);
  assert.ok(refused.length <= 8, `${refused.length} of ${calls.length} calls refused`);
});

test('other tools that use half of the quota are seen, and nothing is asked for beyond it', async () => {
  await using world = await World.start({ inProcess: true, switches: { livestorm: { monthlyLimit: 400 } } });
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.livestorm.limits.spendByOthers(200);
  for (let index = 0; index < 300; index++)
    world.sandbox.pardot.world.submitForm(formId, { email: `p${index}@example.org` });
  await world.minutes(30);
  const seen = world.sandbox.log.entries().filter(({ vendor }) => vendor === 'livestorm');
  assert.equal(seen.filter(({ status }) => status === 429).length, 0);
  assert.ok(seen.length >= 190 && seen.length <= 200, `${seen.length} calls`);
  const outcomes = new Set(world.store.registrations.all().map(({ outcome }) => outcome));
  assert.deepEqual(outcomes, new Set(['registered', 'quota_parked']));
  assert.ok(world.registered(sessionId).length > 150);
});

test('of the calls that Salesforce grants a share is left for others; what has to wait goes on when there are more', async () => {
  await using world = await World.start({ inProcess: true, switches: { salesforce: { dailyLimit: 12 } } });
  const { livestorm, log } = world.sandbox;
  for (let index = 0; index < 9; index++) {
    const event = livestorm.world.createEvent({ title: `Webinar ${index}` });
    livestorm.world.createSession(event.id, { startsAtMs: world.clock.now() + 9 * DAY });
  }
  const linked = (): number => world.store.links.all().filter(({ listId }) => listId !== null).length;
  await world.minutes(60);
  assert.ok(linked() > 0 && linked() < 9, `${linked()} linked at first`);
  assert.equal(world.store.loadGovernor<SavedGovernor>('salesforce')?.limit, 12);
  for (let hour = 0; hour < 60 && linked() < 9; hour++) {
    await world.clock.advance(HOUR - 10 * MINUTE);
    await world.minutes(10);
  }
  assert.equal(linked(), 9);
  const refused = log.entries().filter(({ vendor, status }) => vendor === 'salesforce' && status === 403);
  assert.ok(refused.length <= 25, `${refused.length} calls beyond the limit, more than one an hour to look`);
});

test('without contact allowance registrations wait, everything else goes on, and nobody fails', async () => {
  await using world = await World.start({ inProcess: true });
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.livestorm.switches.contactAllowance = 2;
  for (const name of ['a', 'b', 'c', 'd'])
    world.sandbox.pardot.world.submitForm(formId, { email: `${name}@example.org` });
  await world.minutes(10);
  const count = (wanted: string) =>
    world.store.registrations.all().filter(({ outcome }) => outcome === wanted).length;
  assert.deepEqual([count('registered'), count('quota_parked')], [2, 2]);
  const event = world.sandbox.livestorm.world.createEvent({ title: 'Meanwhile' });
  const other = world.sandbox.livestorm.world.createSession(event.id, {
    startsAtMs: world.clock.now() + DAY,
  });
  await world.until('linked', () => world.store.links.get(other.id)?.listId != null, 60);
  assert.ok(world.store.effects.counts().every(({ state }) => state !== 'dead'));
  world.sandbox.livestorm.switches.contactAllowance = null;
  await world.until('all are registered', () => count('registered') === 4, 70);
  assert.ok(world.registered(sessionId).every(({ confirmations }) => confirmations === 1));
});

test('an outage of Livestorm of ten minutes is over for us a few minutes later', async () => {
  await using world = await World.start({ inProcess: true });
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.faults.arm({ vendor: 'livestorm', kind: 'html_503' });
  for (let index = 0; index < 10; index++)
    world.sandbox.pardot.world.submitForm(formId, { email: `p${index}@example.org` });
  const before = world.sandbox.log.total('livestorm');
  await world.minutes(10);
  const calls = world.sandbox.log.total('livestorm') - before;
  assert.ok(calls <= 15, `${calls} calls during the outage`);
  assert.equal(world.outcomeOf(sessionId, 'p0@example.org'), null, 'on the way, no matter of quota');
  world.sandbox.faults.clear();
  await world.until('all are registered', () => world.registered(sessionId).length === 10, 8);
});

test('tokens that Account Engagement refuses end no program in a loop of logins, not even one that restarts all the time', async () => {
  await using world = await World.start({ inProcess: true });
  const { sessionId, formId } = await world.linkedWebinar();
  world.sandbox.faults.arm({
    vendor: 'pardot',
    kind: 'status',
    reply: { status: 401, body: '{"code":184,"message":"access_token is invalid, unknown, or malformed"}' },
  });
  const fromMs = world.clock.now();
  for (let minute = 0; minute < 40; minute++) {
    world.restart();
    await world.minutes();
  }
  const asked = world.sandbox.log
    .entries()
    .filter(({ atMs, path }) => atMs > fromMs && path.includes('/oauth2/token'))
    .map(({ atMs }) => atMs);
  const close = asked.findIndex((atMs, i) => (asked[i + 3] ?? Number.POSITIVE_INFINITY) - atMs < 10 * MINUTE);
  assert.equal(close, -1, `minutes of the token requests: ${asked.map((ms) => (ms - fromMs) / MINUTE)}`);
  assert.ok(asked.length >= 4, 'it goes on trying');
  world.sandbox.faults.clear();
  world.sandbox.pardot.world.submitForm(formId, { email: 'ada@example.org' });
  await world.until('registered', () => world.outcomeOf(sessionId, 'ada@example.org') === 'registered', 20);
});
