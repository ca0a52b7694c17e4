import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/clock.ts';
import { retention } from '../../src/retention/retention.ts';
import { hasTraceOf } from '../../src/retention/traces.ts';
import { type Store, stateFile } from '../../src/store/store.ts';
import {
  aReading,
  aRun,
  aSession,
  aSubmission,
  link,
  past,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { World } from '../support/world.ts';

const IN = { sessionId: 'session-1' };

/** So many people in every table, everything done. */
function fill(store: Store, count: number): void {
  link(store, aSession(past(START)));
  store.transaction(() => {
    for (let index = 0; index < count; index++) {
      const email = `p${index}@example.org`;
      const prospect = { id: 1000 + index, email, isDeleted: false, fields: {} };
      const activityId = index + 1;
      store.submissions.observe(aSubmission({ activityId, prospect }), null, START);
      store.submissions.decide(activityId, IN, START);
      const person = { ...IN, emailKey: email, email, prospectId: prospect.id };
      store.registrations.request({ ...person, activityId, fields: {}, requestedAtMs: START }, START);
      store.registrations.conclude(person, { outcome: 'registered' }, START);
      store.registrants.observe('session-1', aReading({ email }), START);
      store.sessionProspects.know({ ...person, origin: 'submission' }, START);
      store.attendance.recordWritten(prospect.id, 'session-1', { Field__c: 'x' }, START);
      const wanted = { kind: 'list_membership', naturalKey: `1/${prospect.id}`, payload: {} } as const;
      store.effects.want({ ...wanted, ...IN, emailKey: email, prospectId: prospect.id }, START);
    }
  });
  const kind = 'pardot_list';
  store.effects.want({ kind, naturalKey: 'session-1', ...IN, payload: {} }, START);
}

const erase = (store: Store, atMs: number, peopleDays = 400) =>
  retention({ store, clock: new VirtualClock(atMs), peopleDays })(aRun());

test('people go when their session has been over for so long; numbers and links stay', async (t) => {
  const { store, stateDir } = temporaryStore(t);
  fill(store, 1200);
  store.submissions.observe(aSubmission({ activityId: 9001, createdAtMs: START + 380 * DAY }), null, START);
  assert.deepEqual(await erase(store, START + 400 * DAY - HOUR), {});
  assert.deepEqual(await erase(store, START + 500 * DAY, 0), {}, 'for ever');
  const { sessions, rows } = await erase(store, START + 400 * DAY + 3 * HOUR);
  assert.deepEqual([sessions, rows], [1, 6 * 1200]);
  assert.deepEqual(store.knownAddresses(), ['ana@example.com']);
  assert.deepEqual(store.registrations.countsByOutcome('session-1'), [
    { outcome: 'registered', count: 1200 },
  ]);
  assert.equal(store.links.all().length, 1);
  assert.deepEqual(
    store.effects.open().map(({ kind }) => kind),
    ['pardot_list'],
  );
  for (const suffix of ['', '-wal', '-shm'])
    assert.ok(!hasTraceOf(stateFile(stateDir) + suffix, 'p7@example.org'), suffix);
  assert.deepEqual(await erase(store, START + 401 * DAY), {});
});

test('an erasure that was interrupted goes on, and its numbers are those of the beginning', async (t) => {
  const { store } = temporaryStore(t);
  fill(store, 700);
  let parts = 0;
  const stopping = () => ++parts > 1;
  const clock = new VirtualClock(START + 401 * DAY);
  await retention({ store, clock, peopleDays: 400 })(aRun({ stopping }));
  assert.equal(store.registrants.ofSession('session-1').length, 200);
  assert.deepEqual(store.registrations.countsByOutcome('session-1'), [{ outcome: 'registered', count: 700 }]);
  await erase(store, START + 402 * DAY);
  assert.equal(store.registrants.ofSession('session-1').length, 0);
  assert.deepEqual(store.aged.unfinished(), []);
});

test('sessions that may still take people, and requests on their way, keep everything', async (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession({ id: 'upcoming' }));
  link(store, aSession({ id: 'on-demand', ...past(START), status: 'on_demand' }), 71);
  link(store, aSession(past(START)), 72);
  const effect = { kind: 'external_activity', naturalKey: 'x', ...IN, payload: {} } as const;
  store.effects.want(effect, START);
  store.effects.markSending(store.effects.get('external_activity', 'x')?.id ?? 0, START);
  for (const id of ['upcoming', 'on-demand', 'session-1']) store.registrants.observe(id, aReading(), START);
  await erase(store, START + 800 * DAY);
  for (const id of ['upcoming', 'on-demand', 'session-1'])
    assert.equal(store.registrants.ofSession(id).length, 1, id);
});

test('after the erasure nobody is read again, written again or registered again', async () => {
  await using world = await World.start({ inProcess: true });
  const { sessionId, formId, startsAtMs } = await world.linkedWebinar();
  const { livestorm, pardot } = world.sandbox;
  pardot.world.submitForm(formId, { email: 'ada@example.org' });
  livestorm.world.registerOnPage(sessionId, { email: 'page@example.org' });
  await world.minutes(8);
  await world.skipTo(startsAtMs);
  livestorm.world.startSession(sessionId);
  livestorm.world.endSession(sessionId);
  for (const days of [1 / 24, 1, 7, 45]) await world.skipTo(startsAtMs + days * DAY);
  await world.skipTo(startsAtMs + 401 * DAY);
  assert.equal([...world.store.people(sessionId)].length, 0);
  assert.deepEqual(world.store.knownAddresses(), []);
  const before = pardot.world.prospects();
  livestorm.world.unregister(sessionId, 'page@example.org');
  await world.skipTo(startsAtMs + 402 * DAY);
  await world.minutes(70);
  assert.deepEqual(world.store.knownAddresses(), []);
  assert.deepEqual(pardot.world.prospects(), before);
  assert.deepEqual(livestorm.world.confirmationsSent(sessionId, 'ada@example.org'), 1);
});
