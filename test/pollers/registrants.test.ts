import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { Registrant, Session } from '../../src/domain.ts';
import { RetryableError } from '../../src/errors.ts';
import { registrantsPoller } from '../../src/pollers/registrants.ts';
import {
  aRegistrant,
  aRun,
  aSession,
  fake,
  link,
  past,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const person = (index: number, over: Partial<Registrant> = {}): Registrant =>
  aRegistrant({ personId: `person-${index}`, email: `p${index}@example.com`, ...over });
const people = (count: number): Registrant[] => Array.from({ length: count }, (_, index) => person(index));

/** Session-1, with the people whom Livestorm lists and the count that its session list tells. */
function setUp(t: TestContext, over: Partial<Session> = {}) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const vendor = { people: [] as Registrant[], complete: true, ignoresFilter: false };
  const calls: string[] = [];
  const livestorm = fake<LivestormClient>({
    listRegistrants: async () => {
      calls.push('all');
      return { registrants: vendor.people, complete: vendor.complete };
    },
    listNewRegistrants: async (_id, sinceMs) => {
      calls.push(`since ${(sinceMs - START) / MINUTE}m`);
      return vendor.people.filter(({ registeredAtMs }) => vendor.ignoresFilter || registeredAtMs >= sinceMs);
    },
  });
  const poller = registrantsPoller({ livestorm, store, clock, log: recordingLog().log });
  const count = (registrantsCount: number) =>
    store.sessions.observe(aSession({ ...over, registrantsCount }), clock.now());
  link(store, aSession(over));
  const present = () => store.registrants.ofSession('session-1').filter(({ goneAtMs }) => goneAtMs === null);
  const poll = async () => (await poller(aRun())).changed;
  return { clock, store, vendor, count, present, poll, taken: () => calls.splice(0) };
}

/** Everybody of a large session is known since `START`. */
async function large(t: TestContext, size = 60) {
  const setup = setUp(t);
  setup.vendor.people = people(size);
  setup.count(size);
  await setup.poll();
  setup.taken();
  return setup;
}

test('there is no call while the count has not moved; up to a page everybody is read', async (t) => {
  const { clock, vendor, count, present, poll, taken } = setUp(t);
  vendor.people = [person(1, { fields: { company: 'Acme' } })];
  count(1);
  assert.equal(await poll(), 1);
  await clock.advance(HOUR);
  assert.equal(await poll(), 0);
  assert.deepEqual(taken(), ['all']);
  vendor.people = people(50);
  count(50);
  assert.equal(await poll(), 50, 'one of them changed what they had filled in');
  assert.deepEqual(taken(), ['all']);
  assert.equal(present().length, 50);
});

test('who left a large session is noticed although it was last read while the clock was ahead', async (t) => {
  const { clock, vendor, count, present, poll } = setUp(t);
  clock.jump(30 * DAY);
  vendor.people = people(60);
  count(60);
  await poll();
  clock.jump(-30 * DAY);
  vendor.people.pop();
  count(59);
  await poll();
  assert.equal(present().length, 59);
});

test('what was read while the clock was ahead does not count as the last reading', async (t) => {
  const { clock, vendor, count, present, poll } = setUp(t, past(START + HOUR));
  clock.jump(30 * DAY);
  vendor.people = people(2);
  count(2);
  await poll();
  clock.jump(-30 * DAY);
  vendor.people = [person(0), person(7)];
  await clock.advance(3 * HOUR);
  await poll();
  assert.deepEqual(
    present().map(({ email }) => email),
    ['p0@example.com', 'p7@example.com'],
  );
});

test('only sessions that took people, or whose recording does, are read', async (t) => {
  const cases: [Session['status'], number][] = [
    ['upcoming', 1],
    ['live', 1],
    ['on_demand', 1],
    ['past', 1],
    ['past_not_started', 1],
    ['canceled', 1],
    ['draft', 0],
    ['unknown', 0],
  ];
  for (const [status, calls] of cases) {
    const { vendor, count, poll, taken } = setUp(t, { status });
    vendor.people = people(1);
    count(1);
    await poll();
    assert.equal(taken().length, calls, status);
  }
});

test('those whom we registered ourselves are read back once a day, when they explain the count', async (t) => {
  const { clock, store, vendor, count, poll, taken, present } = await large(t);
  const register = (index: number) => {
    const key = { sessionId: 'session-1', emailKey: `p${index}@example.com` };
    const { email } = person(index);
    store.registrations.request(
      { ...key, email, activityId: index, prospectId: 1, fields: {}, requestedAtMs: 0 },
      0,
    );
    store.registrations.conclude(key, { outcome: 'registered', personId: `person-${index}` }, clock.now());
    vendor.people.push(person(index, { registeredAtMs: clock.now() }));
  };
  await clock.advance(20 * MINUTE);
  register(60);
  count(61);
  await poll();
  assert.deepEqual(taken(), [], 'it is ours');
  vendor.people.push(person(61, { registeredAtMs: clock.now() }));
  count(62);
  assert.equal(await poll(), 2);
  assert.deepEqual(taken(), ['since -10m'], 'one of two is not ours');
  register(62);
  count(63);
  await clock.advance(DAY - 1);
  await poll();
  assert.deepEqual(taken(), []);
  await clock.advance(1);
  await poll();
  assert.deepEqual(taken(), ['since 10m']);
  assert.equal(present().length, 63);
});

test('somebody who was there before us is no doing of ours, even if the count would fit', async (t) => {
  const { clock, store, vendor, count, poll, taken } = setUp(t);
  vendor.people = people(2);
  count(2);
  await poll();
  taken();
  await clock.advance(HOUR);
  for (const [index, outcome] of (['registered', 'already_registered'] as const).entries()) {
    const { email } = person(7 + index);
    const key = { sessionId: 'session-1', emailKey: email };
    const asked = { email, activityId: index, prospectId: 1, fields: {}, requestedAtMs: 0 };
    store.registrations.request({ ...key, ...asked }, 0);
    store.registrations.conclude(key, { outcome }, clock.now());
  }
  // One of the two has left.
  vendor.people = [person(0), person(7), person(8)];
  count(3);
  await poll();
  assert.deepEqual(taken(), ['all']);
});

test('in a large session only new people are read when they explain the count', async (t) => {
  const { clock, vendor, count, present, poll, taken } = await large(t);
  await clock.advance(20 * MINUTE);
  vendor.people.push(person(60, { registeredAtMs: clock.now() }));
  count(61);
  assert.equal(await poll(), 1);
  assert.equal(await poll(), 0);
  assert.deepEqual(taken(), ['since -10m'], 'ten minutes before the newest registration known');
  await clock.advance(5 * HOUR);
  vendor.people.push(person(61, { registeredAtMs: clock.now() }));
  count(62);
  assert.equal(await poll(), 1);
  assert.deepEqual(taken(), ['since 10m']);
  assert.equal(present().length, 62);
});

test('a filter that Livestorm ignores changes nothing but the length of the answer', async (t) => {
  const { clock, vendor, count, poll, taken } = await large(t);
  vendor.ignoresFilter = true;
  await clock.advance(20 * MINUTE);
  vendor.people.push(person(60, { registeredAtMs: clock.now() }));
  count(61);
  assert.equal(await poll(), 1);
  assert.deepEqual(taken(), ['since -10m']);
});

test('what new people do not explain makes everybody read, once an hour at most', async (t) => {
  const { clock, store, vendor, count, present, poll, taken } = await large(t);
  await clock.advance(20 * MINUTE);
  vendor.people.shift();
  count(59);
  assert.equal(await poll(), 0);
  for (let minutes = 21; minutes < 60; minutes++) {
    await clock.advance(MINUTE);
    await poll();
  }
  assert.deepEqual(taken(), ['since -10m'], 'asked once, not at every tick');
  assert.equal(present().length, 60);
  await clock.advance(MINUTE);
  assert.equal(await poll(), 1);
  assert.deepEqual(taken(), ['all']);
  assert.equal(present().length, 59);
  assert.equal(store.registrants.ofSession('session-1')[0]?.goneAtMs, START + HOUR);
  assert.equal(await poll(), 0);
  assert.deepEqual(taken(), []);
});

test('whoever is missing is gone, and back when they are listed again; nobody is lost to an incomplete list', async (t) => {
  const { clock, store, vendor, count, present, poll } = setUp(t);
  const keys = () => present().map(({ emailKey }) => emailKey);
  vendor.people = people(3);
  count(3);
  await poll();
  vendor.people = [person(0), person(2, { email: 'P2@example.com' })];
  vendor.complete = false;
  count(2);
  await assert.rejects(poll(), RetryableError);
  assert.equal(present().length, 3);

  vendor.complete = true;
  await clock.advance(HOUR);
  assert.equal(await poll(), 2, 'one is gone, one is spelt otherwise');
  assert.deepEqual(keys(), ['p0@example.com', 'p2@example.com']);
  const goneAtMs = () =>
    store.registrants.ofSession('session-1').find(({ emailKey }) => emailKey === 'p1@example.com')?.goneAtMs;
  assert.equal(goneAtMs(), START + HOUR);
  count(1);
  vendor.people = [person(0)];
  await clock.advance(MINUTE);
  await poll();
  assert.equal(goneAtMs(), START + HOUR, 'it stays the time when they were first missed');
  vendor.people = people(3);
  count(3);
  assert.equal(await poll(), 2);
  assert.deepEqual(keys(), ['p0@example.com', 'p1@example.com', 'p2@example.com']);
});

test('what people filled in is kept without what is empty, in a fixed order; only a change counts', async (t) => {
  const { vendor, count, present, poll } = setUp(t);
  const fields = {
    topics: ['a'],
    company: 'Acme',
    email: 'p1@example.com',
    phone: null,
    notes: '',
    tags: [],
  };
  vendor.people = [person(1, { fields, lastName: '' })];
  count(1);
  await poll();
  const kept = { company: 'Acme', first_name: 'Ana', topics: ['a'] };
  assert.equal(JSON.stringify(present()[0]?.fields), JSON.stringify(kept));
  vendor.people = [person(1, { fields: { company: 'Acme', topics: ['a'] } }), person(2)];
  count(2);
  assert.equal(await poll(), 1, 'the first is the same in another order');
  vendor.people = [person(1, { fields: { company: 'Bolt', topics: ['a'] } }), person(2), person(3)];
  count(3);
  assert.equal(await poll(), 2);
});

test('a reading that failed is tried again soon, however long ago the session was changed', async (t) => {
  const long = { createdAtMs: START - 90 * DAY, updatedAtMs: START - 90 * DAY };
  const { clock, vendor, count, present, poll, taken } = setUp(t, long);
  vendor.people = people(3);
  count(3);
  vendor.complete = false;
  await assert.rejects(poll(), RetryableError);
  vendor.complete = true;
  await clock.advance(MINUTE);
  await poll();
  await clock.advance(MINUTE);
  await poll();
  assert.deepEqual([present().length, taken()], [3, ['all', 'all']]);
});

test('who came while another left is found at the latest an hour after the end, unless attendance was read', async (t) => {
  for (const isAttendanceRead of [false, true]) {
    const { clock, store, vendor, count, present, poll, taken } = setUp(t);
    vendor.people = [person(1)];
    count(1);
    await poll();
    vendor.people = [person(2)];
    await clock.advance(HOUR);
    const endedAtMs = clock.now();
    store.sessions.observe(aSession({ ...past(endedAtMs), registrantsCount: 1 }), endedAtMs);
    await poll();
    assert.deepEqual(taken(), ['all']);
    if (isAttendanceRead) {
      const reading = { pass: 1, readAtMs: endedAtMs, registrants: 1, changed: 0 };
      store.attendance.recordPass({ sessionId: 'session-1', ...reading });
    }
    await clock.advance(HOUR);
    for (let again = 0; again < 2; again++) await poll();
    assert.deepEqual(taken(), isAttendanceRead ? [] : ['all']);
    if (!isAttendanceRead)
      assert.deepEqual(
        present().map(({ email }) => email),
        ['p2@example.com'],
      );
  }
});

test('who left while another came is found an hour after the time of a session that never started', async (t) => {
  const { clock, store, vendor, count, present, poll, taken } = setUp(t, {
    estimatedStartedAtMs: START + HOUR,
  });
  vendor.people = [person(1)];
  count(1);
  await poll();
  vendor.people = [person(2)];
  await clock.advance(2 * HOUR - 1);
  const over = {
    status: 'past_not_started',
    estimatedStartedAtMs: START + HOUR,
    registrantsCount: 1,
  } as const;
  store.sessions.observe(aSession(over), clock.now());
  await poll();
  assert.deepEqual(taken(), ['all']);
  await clock.advance(1);
  for (let again = 0; again < 2; again++) await poll();
  assert.deepEqual(taken(), ['all']);
  assert.deepEqual(
    present().map(({ email }) => email),
    ['p2@example.com'],
  );
});

test('who registered before a cancellation was seen is read, once; nobody is taken for gone', async (t) => {
  for (const wasReadBefore of [true, false]) {
    const { clock, store, vendor, count, present, poll, taken } = setUp(t);
    vendor.people = wasReadBefore ? [person(1)] : [];
    count(vendor.people.length);
    await poll();
    taken();
    await clock.advance(HOUR);
    vendor.people = [person(2, { registeredAtMs: clock.now() })];
    store.sessions.observe(aSession({ status: 'canceled', registrantsCount: 2 }), clock.now());
    for (let again = 0; again < 2; again++) await poll();
    assert.equal(taken().length, 1);
    assert.equal(present().length, wasReadBefore ? 2 : 1);
  }
});
