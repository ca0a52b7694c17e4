import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import { aSession, link, START, temporaryStore } from '../support/builders.ts';

test('a registration stands, unless the person submits after they were registered', (t) => {
  const { store } = temporaryStore(t);
  link(store, aSession());
  const key = { sessionId: 'session-1', emailKey: 'ana@example.com' };
  const ask = (activityId: number, requestedAtMs: number, nowMs: number): boolean => {
    const wanted = {
      ...key,
      email: 'ana@example.com',
      activityId,
      prospectId: 501,
      fields: {},
      requestedAtMs,
    };
    return store.registrations.request(wanted, nowMs);
  };
  const conclude = (atMs: number) =>
    store.registrations.conclude(key, { outcome: 'registered', personId: 'person-1' }, atMs);
  assert.equal(ask(1, START, START), true);
  assert.equal(ask(2, START, START), false, 'on its way');
  conclude(START + HOUR);
  assert.equal(ask(3, START + HOUR, START + 2 * HOUR), false, 'submitted before, read late');
  assert.equal(ask(4, START + 2 * HOUR, START + 2 * HOUR), true);
  assert.deepEqual(
    [store.registrations.get(key.sessionId, key.emailKey)].map((row) => [row?.activityId, row?.outcome]),
    [[4, null]],
  );
  conclude(START + 12 * HOUR);
  assert.equal(
    ask(5, START + 3 * HOUR, START + 4 * HOUR),
    true,
    'the clock was ahead when they were registered',
  );
});
