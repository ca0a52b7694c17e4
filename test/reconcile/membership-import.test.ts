import assert from 'node:assert/strict';
import { test } from 'node:test';
import { membershipImport } from '../../src/reconcile/membership-import.ts';
import { planRemoval } from '../../src/reconcile/plan-people.ts';
import { fake, recordingLog, START, temporaryStore } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('who was put on the list can be taken off once more; a removal that is still to come stays', async (t) => {
  for (const isPending of [false, true]) {
    const { store } = temporaryStore(t);
    const removal = planRemoval({ emailKey: 'ana@example.com', prospectId: 501 }, 'session-1', 900);
    store.effects.want(removal, START);
    const { id, naturalKey } = store.effects.get('list_removal', removal.naturalKey) ?? assert.fail();
    if (!isPending) store.effects.finish(id, 'done', START);
    const parts = { store, clock: new VirtualClock(START), log: recordingLog().log };
    const carried = { id: 2, naturalKey, emailKey: 'ana@example.com', prospectId: 501 };
    const { done } = await membershipImport(parts).confirm(
      [carried],
      'session-1',
      { step: 'confirm', importId: 1, madeAtMs: START, hasErrors: false, looks: 0 },
      fake({}),
    );
    for (const { record } of done) record();
    assert.equal(store.effects.get('list_removal', naturalKey)?.state, isPending ? 'pending' : undefined);
  }
});
