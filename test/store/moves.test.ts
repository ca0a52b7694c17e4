import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import type { Store } from '../../src/store/store.ts';
import { aReading, aSession, aSubmission, link, past, START, temporaryStore } from '../support/builders.ts';

const KEY = 'ana@example.com';

/** Ana is registered in session-1 through form 11, read back, and moved an hour later. */
function moved(t: TestContext, over: { attended?: boolean; ended?: boolean } = {}): Store {
  const { store } = temporaryStore(t);
  link(store, aSession(over.ended ? past(START + HOUR / 2) : {}));
  store.submissions.observe(aSubmission(), null, START);
  store.submissions.decide(1001, { sessionId: 'session-1' }, START);
  const person = { sessionId: 'session-1', emailKey: KEY, email: KEY, prospectId: 501 };
  store.registrations.request({ ...person, activityId: 1001, fields: {}, requestedAtMs: START }, START);
  store.registrations.conclude(person, { outcome: 'registered', personId: 'person-1' }, START);
  store.sessionProspects.know({ ...person, origin: 'submission' }, START);
  store.registrants.observe('session-1', aReading({ attended: over.attended ?? false }), START);
  if (over.ended) {
    store.attendance.recordPass({
      sessionId: 'session-1',
      pass: 1,
      readAtMs: START + HOUR,
      registrants: 1,
      changed: 0,
    });
  }
  store.moves.move('session-1', KEY, 'to session session-2', START + HOUR);
  return store;
}

test('somebody moved is none of the session’s people, in its list or not, unless they come back by themselves', (t) => {
  const store = moved(t);
  assert.deepEqual([...store.people('session-1')], []);
  store.moves.left('session-1', KEY, START + HOUR);
  assert.deepEqual([...store.people('session-1')], []);
  store.registrants.observe('session-1', aReading({ registeredAtMs: START + 2 * HOUR }), START + 2 * HOUR);
  assert.deepEqual(
    [...store.people('session-1')].map(({ emailKey }) => emailKey),
    [KEY],
  );
});

test('of a session that is over somebody moved counts only if they came', (t) => {
  assert.deepEqual(moved(t, { ended: true }).attendance.parts([501]), []);
  assert.equal(moved(t, { ended: true, attended: true }).attendance.parts([501]).length, 1);
});

test('what the registration had open is not sent any more, and a new submission opens it again', (t) => {
  const store = moved(t);
  const person = { sessionId: 'session-1', emailKey: KEY, email: KEY, prospectId: 501 };
  store.effects.want({ kind: 'external_activity', naturalKey: 'x', ...person, payload: {} }, START);
  store.effects.want({ kind: 'list_membership', naturalKey: '10/501', ...person, payload: {} }, START);
  store.moves.move('session-1', KEY, 'to session session-2', START + HOUR);
  assert.equal(store.effects.get('external_activity', 'x')?.state, 'skipped');
  assert.equal(store.effects.get('list_membership', '10/501')?.state, 'pending');
  assert.ok(
    store.registrations.request({ ...person, activityId: 9, fields: {}, requestedAtMs: START }, START),
  );
  assert.equal(store.registrations.get('session-1', KEY)?.outcome, null);
});

test('submissions of a form that led to a session, or found it closed; the other forms of a person', (t) => {
  const store = moved(t);
  const observe = (over: Parameters<typeof aSubmission>[0]) =>
    store.submissions.observe(aSubmission(over), null, START);
  observe({ activityId: 1002 });
  store.submissions.decide(1002, { outcome: 'session_ended' }, START);
  observe({ activityId: 1003, campaignId: 71, assetCampaignId: 71 });
  store.submissions.decide(1003, { outcome: 'session_ended' }, START);
  assert.deepEqual(
    store.moves.submissions('form:11', 'session-1').map(({ activityId }) => activityId),
    [1001, 1002],
  );
  assert.equal(store.moves.throughOtherForms('form:11', 'session-1').size, 0);
  observe({ activityId: 1004, formId: 12, assetName: 'Other form' });
  store.submissions.decide(1004, { sessionId: 'session-1' }, START);
  assert.deepEqual([...store.moves.throughOtherForms('form:11', 'session-1')], [KEY]);
  assert.deepEqual(
    store.moves.forms().map(({ form, name, campaignId }) => [form, name, campaignId]),
    [
      ['form:11', 'Webinar form', 71],
      ['form:12', 'Other form', 70],
    ],
  );
});

test('a list is needed by whoever else is the same prospect in a session with it', (t) => {
  const store = moved(t);
  link(store, aSession({ id: 'session-2' }), 71);
  for (const id of ['session-1', 'session-2']) store.links.listed(id, 10, START);
  const isNeeded = () => store.moves.isListNeeded(10, 501, 'session-1', KEY);
  assert.equal(isNeeded(), false);
  const other = {
    sessionId: 'session-2',
    emailKey: KEY,
    email: KEY,
    prospectId: 501,
    origin: 'found',
  } as const;
  store.sessionProspects.know(other, START);
  assert.equal(isNeeded(), true);
});
