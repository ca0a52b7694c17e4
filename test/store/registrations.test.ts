import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import { firstReading } from '../../src/pollers/people-reading.ts';
import { aRegistrant, aSession, link, START, temporaryStore } from '../support/builders.ts';

test('a registration stands, unless the person has left the session since', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession());
  const key = { sessionId: 'session-1', emailKey: 'ana@example.com' };
  const ask = (activityId: number, requestedAtMs: number): boolean => {
    const email = 'ana@example.com';
    const wanted = { ...key, email, activityId, prospectId: 501, fields: {}, requestedAtMs };
    return store.registrations.request(wanted, requestedAtMs);
  };
  assert.equal(ask(1, START), true);
  store.registrations.conclude(key, { outcome: 'registered', personId: 'person-1' }, START);
  const reading = firstReading(aRegistrant({ email: 'ana@example.com', personId: 'person-1' }));
  store.registrants.observe('session-1', reading, START);
  assert.equal(ask(2, START + HOUR), false);
  store.registrants.observeGone('session-1', ['ana@example.com'], START + 2 * HOUR);
  assert.equal(ask(3, START + HOUR), false, 'asked before, read late');
  assert.equal(ask(4, START + 3 * HOUR), true);
  assert.equal(store.registrations.get('session-1', 'ana@example.com')?.activityId, 4);
});
