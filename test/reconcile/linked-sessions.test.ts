import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import { sessionsByCampaign } from '../../src/reconcile/linked-sessions.ts';
import { aSession, link, START, temporaryStore } from '../support/builders.ts';

test('a campaign that existed leads to its session from the tie on, by the later of two clocks; a new one always', (t) => {
  for (const [tiedAtMs, takesFromMs] of [
    [START + HOUR + 1, START + HOUR],
    [START - 5 * HOUR, START],
  ] as const) {
    const { store } = temporaryStore(t);
    store.sessions.observe(aSession({ createdAtMs: START }), START);
    store.links.adopt('session-1', 'Own', { campaignId: 71, listId: null }, tiedAtMs);
    link(store, aSession({ id: 'session-2' }), 72);
    const sessions = sessionsByCampaign(store);
    assert.deepEqual(
      [sessions.get(71)?.session.id, sessions.get(71)?.takesFromMs],
      ['session-1', takesFromMs],
    );
    assert.deepEqual([sessions.get(72)?.session.id, sessions.get(72)?.takesFromMs], ['session-2', 0]);
  }
});
