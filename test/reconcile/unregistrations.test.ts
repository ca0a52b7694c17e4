import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LivestormClient } from '../../src/clients/livestorm.ts';
import { HOUR } from '../../src/clock.ts';
import type { Registrant } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { registrationsReconciler } from '../../src/reconcile/registrations.ts';
import {
  aReading,
  aRegistrant,
  aRun,
  aSession,
  fake,
  link,
  recordingLog,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const KEY = 'ana@example.com';
const AT = { vendor: 'livestorm', operation: 'DELETE /sessions/{id}/people/{id}' } as const;

/** Ana was moved from session-1 to session-2 of the same event: she leaves, then she is registered. */
function setUp(t: TestContext, vendor: { person?: Registrant | null; failure?: Error }) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log } = recordingLog();
  link(store, aSession());
  link(store, aSession({ id: 'session-2' }), 71);
  for (const sessionId of ['session-1', 'session-2']) {
    const wanted = { sessionId, emailKey: KEY, email: KEY, activityId: 1, prospectId: 501, fields: {} };
    store.registrations.request({ ...wanted, requestedAtMs: START }, START);
  }
  const from = { sessionId: 'session-1', emailKey: KEY };
  store.registrations.conclude(from, { outcome: 'registered', personId: 'person-1' }, START);
  store.moves.move('session-1', KEY, 'to session session-2', START);
  const effect = { kind: 'livestorm_unregistration', naturalKey: `session-1/${KEY}`, ...from } as const;
  store.effects.want({ ...effect, payload: { thenRegisterIn: 'session-2' } }, START);
  const sent: string[] = [];
  const livestorm = fake<LivestormClient>({
    findRegistrant: async () => (vendor.person === undefined ? aRegistrant() : vendor.person),
    unregister: async (sessionId, personId) => {
      sent.push(`- ${sessionId} ${personId}`);
      if (vendor.failure) throw vendor.failure;
    },
    register: async (sessionId) => {
      sent.push(`+ ${sessionId}`);
      return { result: 'registered', personId: 'person-1', role: 'participant' };
    },
  });
  const rules = { fields: new Map(), allowedDomains: [], deniedDomains: [] };
  const reconcile = registrationsReconciler({ livestorm, store, clock, log, rules });
  const left = () => store.registrations.get('session-1', KEY);
  const state = () => store.effects.get('livestorm_unregistration', effect.naturalKey)?.state;
  return { store, clock, sent, left, state, run: () => reconcile(aRun()) };
}

test('whoever leaves is registered afterwards, in the same round', async (t) => {
  const { sent, left, state, run } = setUp(t, {});
  await run();
  assert.deepEqual(sent, ['- session-1 person-1', '+ session-2']);
  assert.deepEqual([state(), left()?.outcome, left()?.personId], ['done', 'moved', null]);
  await run();
  assert.equal(sent.length, 2);
});

test('whoever is not there any more has left', async (t) => {
  const { sent, state, run } = setUp(t, { person: null });
  await run();
  assert.deepEqual([sent, state()], [['+ session-2'], 'done']);
});

test('a team member is not taken out', async (t) => {
  const { sent, state, run } = setUp(t, { person: aRegistrant({ role: 'team_member' }) });
  await run();
  assert.deepEqual([sent, state()], [['+ session-2'], 'skipped']);
});

test('a refusal leaves the rest to the admin, and is no reason not to register', async (t) => {
  const failure = new RefusedError('no', { ...AT, status: 422 });
  const { sent, left, state, run } = setUp(t, { failure });
  await run();
  assert.deepEqual(sent, ['- session-1 person-1', '+ session-2']);
  assert.equal(state(), 'dead');
  assert.match(left()?.detail ?? '', /to be taken out of this session in Livestorm by hand/);
});

test('while it is unknown whether somebody has left, nobody is registered', async (t) => {
  const vendor = { failure: new RetryableError('lost', { ...AT, applied: 'unknown' }) };
  const { clock, sent, state, run } = setUp(t, vendor);
  await run();
  assert.deepEqual([sent, state()], [['- session-1 person-1'], 'unknown']);
  Object.assign(vendor, { failure: undefined });
  await clock.advance(HOUR);
  await run();
  assert.deepEqual(sent, ['- session-1 person-1', '- session-1 person-1', '+ session-2']);
});

test('whoever came into another session of the event meanwhile, or back into this one, is not taken out', async (t) => {
  const elsewhere = setUp(t, {});
  link(elsewhere.store, aSession({ id: 'session-3' }), 72);
  elsewhere.store.registrants.observe('session-3', aReading({ email: KEY }), START);
  await elsewhere.run();
  assert.deepEqual([elsewhere.sent, elsewhere.state()], [['+ session-2'], 'skipped']);
  assert.match(elsewhere.left()?.detail ?? '', /by hand/);
  const back = setUp(t, {});
  back.store.registrations.reopen({ sessionId: 'session-1', emailKey: KEY });
  await back.run();
  assert.deepEqual([back.sent, back.state()], [['+ session-2'], 'skipped']);
});
