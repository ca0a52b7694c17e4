import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/clock.ts';
import { openStoreReadOnly } from '../../src/store/store.ts';
import {
  aProspect,
  aReading,
  aSession,
  aSubmission,
  link,
  START,
  temporaryStore,
} from '../support/builders.ts';

const KEY = 'ana@example.com';
const BEFORE = START - MINUTE;
const AFTER = START + MINUTE;

test('what was before is not stored when it is read once more, whatever comes late; what comes after is', (t) => {
  const { store, stateDir } = temporaryStore(t);
  const prospect = aProspect({ email: 'ANA@example.com' });
  store.submissions.observe(
    aSubmission({ activityId: 1, createdAtMs: BEFORE, prospect: null }),
    null,
    BEFORE,
  );
  store.keeping.erase(KEY, START);
  store.submissions.observe(aSubmission({ activityId: 1, createdAtMs: BEFORE, prospect }), null, AFTER);
  store.submissions.observe(aSubmission({ activityId: 2, createdAtMs: BEFORE, prospect }), null, AFTER);
  store.submissions.observe(aSubmission({ activityId: 3, createdAtMs: AFTER, prospect }), null, AFTER);
  store.submissions.observe(aSubmission({ activityId: 1, createdAtMs: BEFORE, prospect }), null, AFTER);
  for (const activityId of [1, 2]) {
    const { email, prospectId, outcome, fields } = store.submissions.get(activityId) ?? {};
    assert.deepEqual([email, prospectId, outcome, fields], [null, null, 'forgotten', {}]);
  }
  assert.deepEqual(
    store.submissions.undecided().map(({ activityId }) => activityId),
    [3],
  );
  assert.deepEqual(store.submissions.withoutProspect(), []);
  using reader = openStoreReadOnly(stateDir);
  assert.equal(reader.keeping.forgottenAtMs(KEY), START);
  assert.equal(reader.keeping.forgottenAtMs('somebody@example.com'), undefined);
});

test('a people list brings back nobody, unless they registered or submitted since', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession());
  link(store, aSession({ id: 'session-2' }), 71);
  store.keeping.erase(KEY, START);
  store.registrants.observe('session-1', aReading({ email: KEY, registeredAtMs: BEFORE }), AFTER);
  assert.equal(store.registrants.get('session-1', KEY), undefined);
  store.registrants.observe('session-2', aReading({ email: KEY, registeredAtMs: AFTER }), AFTER);
  assert.ok(store.registrants.get('session-2', KEY));
  const again = { sessionId: 'session-1', emailKey: KEY, email: KEY, prospectId: 1, fields: {} };
  store.registrations.request({ ...again, activityId: 3, requestedAtMs: AFTER }, AFTER);
  store.registrants.observe('session-1', aReading({ email: KEY, registeredAtMs: BEFORE }), AFTER);
  assert.ok(store.registrants.get('session-1', KEY));
});
