import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import type { LivestormEvent, Session } from '../../src/domain.ts';
import { sessionsPoller } from '../../src/pollers/sessions.ts';
import {
  anEvent,
  aRegistrant,
  aRun,
  aSession,
  fake,
  link,
  notFound,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

function setUp(t: TestContext) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log } = recordingLog();
  const sessions = new Map<string, Session>();
  const events = new Map<string, LivestormEvent>([['event-1', anEvent()]]);
  const calls: string[] = [];
  const after = (ms: number) => `${(ms - START) / MINUTE}m`;
  const livestorm = fake<LivestormClient>({
    listSessions: async (query) => {
      const isChange = 'updatedSinceMs' in query;
      calls.push(
        isChange ? `changed ${after(query.updatedSinceMs)}` : `starting ${after(query.startsSinceMs)}`,
      );
      return [...sessions.values()].filter((session) =>
        isChange
          ? session.updatedAtMs >= query.updatedSinceMs
          : (session.estimatedStartedAtMs ?? 0) >= query.startsSinceMs,
      );
    },
    listOnDemand: async () => {
      calls.push('on demand');
      return [...sessions.values()].filter(({ status }) => status === 'on_demand');
    },
    session: async (id) => {
      calls.push(`session ${id}`);
      return sessions.get(id) ?? null;
    },
    listTeam: async (id) => {
      calls.push(`team ${id}`);
      if (!sessions.has(id)) throw notFound('GET /sessions/{id}/people');
      return [aRegistrant({ email: 'boss@example.com', role: 'team_member' })];
    },
    event: async (id) => {
      calls.push(`event ${id}`);
      return events.get(id) ?? null;
    },
  });
  const isNamed = ({ id }: Session) => id === 'named';
  const poller = sessionsPoller({ livestorm, store, clock, log, activatedAtMs: START, isNamed });
  const put = (session: Session) => sessions.set(session.id, session);
  const taken = () => calls.splice(0);
  return { clock, store, sessions, events, put, taken, poll: (forced = false) => poller(aRun({ forced })) };
}

test('sessions created before activation stay unknown unless named; the first look reaches back a little', async (t) => {
  const { store, put, taken, poll } = setUp(t);
  put(aSession({ id: 'old', createdAtMs: START - 1 }));
  put(aSession({ id: 'named', createdAtMs: START - 1 }));
  put(aSession({ id: 'new' }));
  assert.deepEqual(await poll(), { sessions: 2 });
  assert.deepEqual(taken(), ['changed -10m', 'event event-1']);
  assert.deepEqual(
    store.sessions.all().map(({ id, event }) => [id, event?.title]),
    [
      ['named', 'Spring webinar'],
      ['new', 'Spring webinar'],
    ],
  );
});

test('the list is asked for by the schedule, in full when forced, and after the clock was set back', async (t) => {
  const { clock, taken, poll } = setUp(t);
  await clock.advance(DAY);
  await poll();
  await clock.advance(4 * MINUTE);
  assert.deepEqual(await poll(), { sessions: 0 });
  assert.deepEqual(taken(), ['changed -10m']);
  await poll(true);
  assert.deepEqual(taken(), ['changed -10m', 'starting 4m']);
  clock.jump(-DAY);
  await poll();
  assert.equal(taken().length, 2);
});

test('while something is near one call lists what is planned from yesterday on; changes every four hours', async (t) => {
  const { clock, store, put, taken, poll } = setUp(t);
  const soon = { estimatedStartedAtMs: START + 4 * HOUR };
  put(aSession(soon));
  await poll();
  taken();
  put(aSession({ ...soon, registrantsCount: 1 }));
  put(aSession({ id: 'new', createdAtMs: START, estimatedStartedAtMs: START + 9 * DAY }));
  await clock.advance(5 * MINUTE);
  assert.deepEqual(await poll(), { sessions: 2 }, 'a count moves although nothing says so');
  assert.equal(store.sessions.get('session-1')?.registrantsCount, 1);
  for (let minutes = 20; minutes <= 4 * 60; minutes += 15) {
    await clock.advance(15 * MINUTE);
    assert.deepEqual(await poll(), { sessions: 0 });
  }
  const lists = taken().filter((call) => !call.startsWith('event'));
  assert.deepEqual(lists.slice(0, 2), ['starting -1435m', 'starting -1420m']);
  assert.deepEqual(lists.slice(-1), ['starting -1210m']);
  assert.equal(lists.filter((call) => call.startsWith('changed')).length, 0);
  await clock.advance(15 * MINUTE);
  await poll();
  lists.push(...taken());
  assert.equal(lists.filter((call) => call.startsWith('changed')).length, 1);
});

test('every look at changes re-reads ten minutes; one dated in the future moves the cursor no further', async (t) => {
  const { clock, put, taken, poll } = setUp(t);
  await poll();
  await clock.advance(2 * HOUR);
  put(aSession({ id: 'a', updatedAtMs: clock.now() - MINUTE }));
  put(aSession({ id: 'b', updatedAtMs: Date.parse('2999-01-01T00:00:00Z') }));
  await poll(true);
  taken();
  await poll(true);
  assert.equal(taken()[0], 'changed 109m', 'the newest change was at 119m');
  put(aSession({ id: 'late', updatedAtMs: START + 110 * MINUTE, estimatedStartedAtMs: 0 }));
  assert.deepEqual(await poll(true), { sessions: 1 });
});

test('a status that changes without an update is found by the list, by asking for overdue ones, and once a day', async (t) => {
  const { clock, store, put, taken, poll } = setUp(t);
  put(aSession({ id: 'near', estimatedStartedAtMs: START + HOUR }));
  put(aSession({ id: 'overrun', estimatedStartedAtMs: START - 9 * DAY, status: 'live' }));
  put(aSession({ id: 'old', estimatedStartedAtMs: START - 3 * DAY, status: 'past' }));
  await poll();
  await clock.advance(4 * HOUR);
  put(aSession({ id: 'other', estimatedStartedAtMs: START - 9 * DAY, updatedAtMs: clock.now() }));
  await poll();
  await clock.advance(DAY - 5 * HOUR);
  await poll();
  taken();
  put(aSession({ id: 'near', estimatedStartedAtMs: START + HOUR, status: 'past_not_started' }));
  put(aSession({ id: 'overrun', estimatedStartedAtMs: START - 9 * DAY, status: 'past' }));
  put(aSession({ id: 'old', estimatedStartedAtMs: START - 3 * DAY, status: 'canceled' }));
  const statuses = () => ['near', 'overrun', 'old'].map((id) => store.sessions.get(id)?.status);

  await clock.advance(30 * MINUTE);
  assert.deepEqual(await poll(), { sessions: 1 });
  assert.deepEqual(taken(), ['starting -30m']);
  assert.deepEqual(statuses(), ['past_not_started', 'live', 'past']);
  await clock.advance(5 * HOUR);
  await poll();
  assert.ok(taken().includes('session overrun'));
  assert.deepEqual(statuses(), ['past_not_started', 'past', 'canceled']);
  assert.deepEqual(statuses(), ['past_not_started', 'past', 'canceled']);
});

test('a session that Livestorm no longer knows is marked, and asked for no more', async (t) => {
  const { clock, store, sessions, put, taken, poll } = setUp(t);
  put(aSession({ estimatedStartedAtMs: START }));
  await poll();
  sessions.clear();
  await clock.advance(2 * HOUR);
  await poll();
  assert.equal(store.sessions.get('session-1')?.goneAtMs, START + 2 * HOUR);
  taken();
  await clock.advance(2 * DAY);
  await poll();
  assert.deepEqual(
    taken().filter((call) => call.startsWith('session')),
    [],
  );
});

test('far from every session a look is one call, the lists taking turns; what is new shows in either', async (t) => {
  const { clock, store, put, taken, poll } = setUp(t);
  put(aSession({ estimatedStartedAtMs: START + 9 * DAY }));
  await poll();
  await clock.advance(HOUR);
  await poll();
  taken();
  const looks: string[][] = [];
  for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
    await clock.advance(5 * MINUTE);
    await poll();
    const calls = taken().filter((name) => !name.startsWith('event'));
    if (calls.length > 0) looks.push(calls);
  }
  assert.ok(looks.length <= 21, `${looks.length} looks`);
  assert.ok(looks.every((calls) => calls.length === 1));
  const changes = looks.filter(([name]) => name?.startsWith('changed')).length;
  assert.ok(changes >= 4 && changes <= 6, `${changes} looks at changes`);
  put(aSession({ id: 'new', createdAtMs: clock.now(), estimatedStartedAtMs: clock.now() + 3 * DAY }));
  await clock.advance(75 * MINUTE);
  await poll();
  assert.ok(store.sessions.get('new'));
});

test('an event nobody touched is read once a day, however often its session is listed', async (t) => {
  const { clock, put, taken, poll } = setUp(t);
  put(aSession({ estimatedStartedAtMs: START + 5 * DAY }));
  await poll();
  const reads: number[] = [];
  for (let look = 1; look <= 45; look++) {
    await clock.advance(75 * MINUTE);
    await poll();
    if (taken().includes('event event-1') && look > 1) reads.push(look);
  }
  assert.deepEqual(reads, [21, 41]);
});

test('an event is read again after an hour, or at once while it hides an open session', async (t) => {
  const { clock, events, put, taken, poll } = setUp(t);
  const reads = async () => {
    put(aSession({ updatedAtMs: clock.now() }));
    await poll(true);
    return taken().filter((call) => call.startsWith('event')).length;
  };
  assert.deepEqual([await reads(), await reads()], [1, 0]);
  await clock.advance(HOUR);
  events.set('event-1', anEvent({ published: false }));
  assert.deepEqual([await reads(), await reads()], [1, 1]);
  events.set('event-1', anEvent());
  assert.deepEqual([await reads(), await reads()], [1, 0]);
});

test('the team of a linked session is read once; one that is gone keeps nobody from the rest', async (t) => {
  const { store, put, taken, poll } = setUp(t);
  put(aSession({ id: 'b' }));
  await poll();
  link(store, aSession({ id: 'a' }), 70);
  link(store, aSession({ id: 'b' }), 71);
  taken();
  await poll();
  await poll();
  assert.deepEqual(taken(), ['team a', 'team b']);
  assert.notEqual(store.sessions.get('a')?.goneAtMs, null);
  assert.ok(store.registrants.isTeamMember('boss@example.com'));
});

test('the team of a session of which everybody was read is known', async (t) => {
  const { store, put, taken, poll } = setUp(t);
  put(aSession({ id: 'a' }));
  await poll();
  link(store, aSession({ id: 'a' }), 70);
  store.checkpoints.advance('registrants/a', { count: 0, registeredMs: 0, completeAtMs: START }, START);
  taken();
  await poll();
  assert.deepEqual(taken(), []);
});

test('on-demand sessions are listed four times a day, in one call however many there are', async (t) => {
  const { clock, store, put, taken, poll } = setUp(t);
  const onDemand = (id: string, registrantsCount: number) =>
    aSession({ id, status: 'on_demand', estimatedStartedAtMs: START - 9 * DAY, registrantsCount });
  for (const id of ['one', 'two', 'three']) put(onDemand(id, 0));
  await poll();
  taken();
  put(onDemand('two', 5));
  for (let minutes = 0; minutes < 25 * 60; minutes += 15) {
    await clock.advance(15 * MINUTE);
    await poll();
  }
  const calls = taken();
  assert.equal(calls.filter((call) => call === 'on demand').length, 4);
  assert.equal(calls.filter((call) => call.startsWith('session ')).length, 0);
  assert.equal(store.sessions.get('two')?.registrantsCount, 5);
});
