import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { Registrant } from '../../src/domain.ts';
import { ParkedError, RetryableError } from '../../src/errors.ts';
import { endedSessionsPoller } from '../../src/pollers/ended-sessions.ts';
import { replayViewsPoller } from '../../src/pollers/replay-views.ts';
import {
  ABSENT,
  ATTENDED,
  anEvent,
  aRegistrant,
  aRun,
  aSession,
  fake,
  link,
  notFound,
  past,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type People = Registrant[] | 'incomplete' | Error;

/** Later by a millisecond at every look, as a real one may be. */
class TickingClock extends VirtualClock {
  #looks = 0;

  override now(): number {
    return super.now() + this.#looks++;
  }
}

function setUp(t: TestContext, clock = new VirtualClock(START, { autoAdvance: false })) {
  const { store } = temporaryStore(t);
  const people = new Map<string, People>();
  const calls: string[] = [];
  const event = { ...anEvent() };
  const livestorm = fake<LivestormClient>({
    listRegistrants: async (id) => {
      calls.push(`people ${id}`);
      const list = people.get(id) ?? [];
      if (list instanceof Error) throw list;
      return list === 'incomplete'
        ? { registrants: [aRegistrant()], complete: false }
        : { registrants: list, complete: true };
    },
    event: async (id) => {
      calls.push(`event ${id}`);
      return event;
    },
  });
  const parts = { livestorm, store, clock, log: recordingLog().log };
  const ended = endedSessionsPoller(parts);
  const replays = replayViewsPoller({ ...parts, afterAttendance: true });
  const known = (id = 'session-1') => store.registrants.ofSession(id);
  const taken = () => calls.splice(0);
  return { clock, store, people, event, known, taken, ended, replays, parts };
}

const ana = (over: Partial<Registrant> = {}): Registrant => aRegistrant(over);

test('an ended session is read in passes, which count the people who differ', async (t) => {
  const { clock, store, people, known, ended } = setUp(t);
  link(store, aSession(past(START)), 70);
  link(store, aSession({ id: 'never', status: 'past_not_started' }), 71);
  const bob = aRegistrant({ personId: 'person-2', email: 'bob@example.com' });
  people.set('session-1', [ana({ attendance: ABSENT }), bob]);
  assert.deepEqual(await ended(aRun()), { passes: 0, changed: 0 });
  await clock.advance(5 * MINUTE);
  assert.deepEqual(await ended(aRun()), { passes: 1, changed: 2 });
  assert.deepEqual(await ended(aRun()), { passes: 0, changed: 0 });
  people.set('session-1', [ana({ email: 'ANA@example.com', attendance: ATTENDED }), bob]);
  await clock.advance(25 * MINUTE);
  assert.deepEqual(await ended(aRun()), { passes: 1, changed: 1 });
  await clock.advance(3 * HOUR);
  assert.deepEqual(await ended(aRun()), { passes: 1, changed: 0 });
  assert.deepEqual(
    store.attendance
      .passes('session-1')
      .map(({ pass, registrants, changed }) => [pass, registrants, changed]),
    [
      [1, 2, 2],
      [2, 2, 1],
      [3, 2, 0],
    ],
  );
  assert.partialDeepStrictEqual(known(), [
    { emailKey: 'ana@example.com', attended: true, durationSeconds: 1800, attendanceRate: 50 },
    { emailKey: 'bob@example.com', attended: false },
  ]);
});

test('a reading made while the clock was ahead puts off none of those that are due by the right time', async (t) => {
  const { clock, store, people, ended, replays } = setUp(t);
  link(store, aSession(past(START)));
  const bob = aRegistrant({ personId: 'person-2', email: 'bob@example.com' });
  people.set('session-1', [ana({ attendance: ABSENT }), bob]);
  clock.jump(60 * DAY);
  await ended(aRun());
  await replays(aRun());
  clock.jump(-60 * DAY);
  people.set('session-1', [ana({ attendance: ATTENDED }), bob]);
  let passes = 0;
  for (const wait of [5 * MINUTE, 25 * MINUTE, 3 * HOUR, DAY]) {
    await clock.advance(wait);
    passes += (await ended(aRun())).passes ?? 0;
  }
  assert.equal(passes, 3);
  for (const { changedAtMs, lastPassAtMs } of store.people('session-1')) {
    assert.ok(changedAtMs < (lastPassAtMs ?? 0), 'what two readings agree on can be told');
  }
  people.set('session-1', [ana({ attendance: ATTENDED, replay: { watchedAtMs: START + DAY } }), bob]);
  await clock.advance(2 * DAY);
  assert.deepEqual(await replays(aRun()), { changed: 1 });
});

test('attendance that was seen is taken back only by two readings in a row', async (t) => {
  const cases: [string, boolean[], boolean][] = [
    ['taken back once', [true, false], true],
    ['taken back twice', [true, false, false], false],
    ['taken back, seen again, taken back', [true, false, true, false], true],
  ];
  for (const [name, readings, believed] of cases) {
    const { clock, store, people, known, ended } = setUp(t);
    link(store, aSession(past(START)));
    for (const attended of readings) {
      people.set('session-1', [ana({ attendance: attended ? ATTENDED : ABSENT })]);
      await clock.advance(DAY + HOUR);
      assert.equal((await ended(aRun())).passes, 1, name);
    }
    assert.equal(known()[0]?.attended, believed, name);
    assert.equal(known()[0]?.durationSeconds, believed ? ATTENDED.durationSeconds : 0, name);
  }
});

test('a list that cannot be trusted stores nothing and is asked for again, not at every tick', async (t) => {
  const registered = aSession({ ...past(START), registrantsCount: 2 });
  const cases: [string, People, boolean][] = [
    ['incomplete', 'incomplete', true],
    ['empty although people registered', [], true],
    ['no answer', timeout(), true],
    ['empty', [], false],
  ];
  for (const [name, list, isTrouble] of cases) {
    const { clock, store, people, known, taken, ended } = setUp(t);
    link(store, isTrouble ? registered : aSession(past(START)));
    people.set('session-1', list);
    await clock.advance(HOUR);
    if (!isTrouble) {
      assert.equal((await ended(aRun())).passes, 1, name);
      continue;
    }
    await assert.rejects(ended(aRun()), RetryableError, name);
    assert.deepEqual([known(), store.attendance.passes('session-1')], [[], []], name);
    await clock.advance(MINUTE);
    assert.deepEqual(await ended(aRun()), { passes: 0, changed: 0 });
    assert.equal(taken().length, 1, name);
    people.set('session-1', [ana()]);
    await clock.advance(7 * MINUTE);
    assert.deepEqual(await ended(aRun()), { passes: 1, changed: 1 }, name);
  }
});

test('people whom we registered ourselves are expected too', async (t) => {
  const { clock, store, ended } = setUp(t);
  link(store, aSession(past(START)));
  const key = { sessionId: 'session-1', emailKey: 'ana@example.com' };
  store.registrations.request(
    { ...key, email: 'ana@example.com', activityId: 1, prospectId: 501, fields: {}, requestedAtMs: START },
    START,
  );
  store.registrations.conclude(key, { outcome: 'registered', personId: 'person-1' }, START);
  await clock.advance(HOUR);
  await assert.rejects(ended(aRun()), RetryableError);
});

test('whom we registered and the first reading afterwards lacks has left again, unless listed by another address', async (t) => {
  const { clock, store, ended, people, known } = setUp(t);
  link(store, aSession({ ...past(START), registrantsCount: 1 }));
  for (const [name, outcome, personId, atMs] of [
    ['left', 'registered', 'person-left', START],
    ['left-before', 'already_registered', null, START],
    ['never-in', 'denied_domain', null, START],
    ['renamed', 'registered', 'person-renamed', START],
    ['just-now', 'registered', 'person-now', START + 5 * MINUTE],
  ] as const) {
    const key = { sessionId: 'session-1', emailKey: `${name}@example.com` };
    const asked = { activityId: atMs + name.length, prospectId: 501, fields: {}, requestedAtMs: atMs };
    store.registrations.request({ ...key, email: key.emailKey, ...asked }, atMs);
    store.registrations.conclude(key, { outcome, personId }, atMs);
  }
  people.set('session-1', [aRegistrant({ email: 'other@example.com', personId: 'person-renamed' })]);
  await clock.advance(5 * MINUTE);
  await ended(aRun());
  assert.deepEqual(
    known().map(({ email, goneAtMs }) => [email, goneAtMs]),
    [
      ['left-before@example.com', clock.now()],
      ['left@example.com', clock.now()],
      ['other@example.com', null],
    ],
  );
});

test('trouble with one session keeps nobody from the others; a vendor that is parked does', async (t) => {
  const { clock, store, people, taken, ended } = setUp(t);
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    link(store, aSession({ id, ...past(START) }), 70 + index);
    people.set(id, [ana()]);
  }
  people.set('a', timeout());
  people.set('b', notFound('GET /sessions/{id}/people'));
  await clock.advance(HOUR);
  await assert.rejects(ended(aRun()), RetryableError);
  assert.deepEqual(taken(), ['people a', 'people b', 'people c']);
  assert.equal(store.attendance.passes('c').length, 1);
  assert.equal(store.sessions.get('b')?.goneAtMs, START + HOUR);

  const park = { reason: 'quota', untilMs: START + DAY } as const;
  people.set('a', new ParkedError('parked', { vendor: 'livestorm', operation: 'GET', ...park }));
  await clock.advance(DAY);
  await assert.rejects(ended(aRun()), ParkedError);
  assert.deepEqual(taken(), ['people a']);
  const stopping = aRun({ stopping: () => true, forced: true });
  assert.deepEqual(await ended(stopping), { passes: 0, changed: 0 });
});

test('replay views are read without attendance, too, if that flow is off', async (t) => {
  const { clock, store, people, known, parts } = setUp(t);
  link(store, aSession(past(START)));
  people.set('session-1', [ana({ replay: { watchedAtMs: START + DAY } })]);
  await clock.advance(2 * DAY);
  assert.deepEqual(await replayViewsPoller({ ...parts, afterAttendance: false })(aRun()), { changed: 1 });
  assert.equal(known()[0]?.replayKind, 'replay');
});

test('a replay view keeps the kind and time of its first sight', async (t) => {
  const { clock, store, people, event, known, taken, ended, replays } = setUp(t);
  link(store, aSession(past(START)));
  people.set('session-1', [ana()]);
  await clock.advance(DAY);
  await replays(aRun());
  assert.deepEqual(taken(), [], 'attendance comes first');
  await ended(aRun());
  people.set('session-1', [ana({ replay: { watchedAtMs: null } })]);
  await clock.advance(DAY);
  taken();
  assert.deepEqual(await replays(aRun()), { changed: 1 });
  assert.deepEqual(await replays(aRun()), { changed: 0 });
  assert.deepEqual(taken(), ['event event-1', 'people session-1']);

  event.schedulingStatus = 'on_demand';
  for (const watchedAtMs of [START + 2 * DAY, START + 3 * DAY]) {
    people.set('session-1', [ana({ replay: { watchedAtMs } })]);
    await clock.advance(3 * DAY);
    await replays(aRun());
  }
  assert.partialDeepStrictEqual(known(), [{ replayKind: 'replay', replayWatchedAtMs: START + 2 * DAY }]);
});

test('a reading and what it changed carry one time', async (t) => {
  const { clock, store, people, ended } = setUp(t, new TickingClock(START, { autoAdvance: false }));
  link(store, aSession(past(START)));
  people.set('session-1', [ana()]);
  for (const messages of [1, 2, 2]) {
    people.set('session-1', [ana({ attendance: { ...ATTENDED, messages } })]);
    await clock.advance(4 * HOUR);
    await ended(aRun());
    const [person] = [...store.people('session-1')];
    const isUnchanged = (person?.changedAtMs ?? 0) < (person?.lastPassAtMs ?? 0);
    assert.equal(isUnchanged, store.attendance.passes('session-1').length === 3);
  }
});

test('an event that turns on-demand after a live session: its people watch the replay, later ones on demand', async (t) => {
  const { clock, store, people, event, known, ended, replays } = setUp(t);
  event.schedulingStatus = 'on_demand';
  link(store, aSession({ ...past(START), status: 'on_demand' }));
  const watched = { replay: { watchedAtMs: START + 2 * HOUR } };
  const later = { personId: 'person-2', email: 'zoe@example.com', registeredAtMs: START + HOUR };
  people.set('session-1', [ana(watched), aRegistrant({ ...later, ...watched })]);
  await clock.advance(3 * HOUR);
  assert.equal((await ended(aRun())).passes, 1, 'attendance of the live session is read all the same');
  await replays(aRun());
  assert.deepEqual(
    known().map(({ email, replayKind }) => [email, replayKind]),
    [
      ['ana@example.com', 'replay'],
      ['zoe@example.com', 'on_demand'],
    ],
  );
});

test('an on-demand session is read daily, later weekly, its views counted as on-demand', async (t) => {
  const { clock, store, people, known, taken, replays } = setUp(t);
  link(store, aSession({ status: 'on_demand' }));
  people.set('session-1', [ana({ replay: { watchedAtMs: START } })]);
  await replays(aRun());
  await clock.advance(DAY - 1);
  await replays(aRun());
  assert.equal(taken().length, 2);
  await clock.advance(1);
  await replays(aRun());
  assert.equal(taken().length, 2);
  assert.equal(known()[0]?.replayKind, 'on_demand');
  await clock.advance(14 * DAY);
  await replays(aRun());
  taken();
  await clock.advance(6 * DAY);
  await replays(aRun());
  assert.deepEqual(taken(), []);
  await clock.advance(DAY);
  await replays(aRun());
  assert.equal(taken().length, 2);
});

function timeout(): RetryableError {
  return new RetryableError('no answer', { vendor: 'livestorm', operation: 'GET', applied: 'unknown' });
}
