import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import { DAY, MINUTE, SECOND } from '../../src/clock.ts';
import type { Submission } from '../../src/domain.ts';
import { awaitedProspectsPoller } from '../../src/pollers/awaited-prospects.ts';
import { newsOf } from '../../src/pollers/submission-reading.ts';
import { aProspect, aRun, aSubmission, fake, START, temporaryStore } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** Submissions as first seen at the start, and what Pardot says of them when asked by id. */
function setUp(t: TestContext, first: readonly Submission[], prospectFields: string[] = []) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  for (const submission of newsOf(store, first, clock.now()))
    store.submissions.observe(submission, null, clock.now());
  const calls: string[] = [];
  let now = first;
  const pardot = fake<PardotClient>({
    submissionsById: async (ids) => {
      calls.push(ids.join());
      return now.filter(({ activityId }) => ids.includes(activityId));
    },
    prospects: async (ids, fields) => {
      calls.push(`prospects ${ids.join()} ${fields.join()}`);
      return ids.map((id) => aProspect({ id, fields: { Size__c: '10' } }));
    },
  });
  const poller = awaitedProspectsPoller({ pardot, store, clock, prospectFields });
  return {
    clock,
    store,
    calls,
    poll: () => poller(aRun()),
    become: (rows: readonly Submission[]) => {
      now = rows;
    },
    waiting: () => store.submissions.withoutProspect().map(({ activityId }) => activityId),
  };
}

test('nobody is asked for while no submission waits', async (t) => {
  const { poll, calls } = setUp(t, [aSubmission()]);
  assert.deepEqual(await poll(), {});
  assert.deepEqual(calls, []);
});

test('a young submission is asked for at every run, an older one every ten minutes, for two days', async (t) => {
  const { clock, poll, calls } = setUp(t, [aSubmission({ prospect: null })]);
  const callsIn = async (ms: number, stepMs: number) => {
    calls.length = 0;
    for (let spentMs = 0; spentMs < ms; spentMs += stepMs) {
      await poll();
      await clock.advance(stepMs);
    }
    return calls.length;
  };
  assert.equal(await callsIn(3 * MINUTE, 10 * SECOND), 18);
  assert.equal(await callsIn(27 * MINUTE, 10 * SECOND), 2);
  assert.equal(await callsIn(2 * DAY, 10 * MINUTE), (2 * DAY) / (10 * MINUTE) - 3);
  assert.equal(await callsIn(DAY, 10 * MINUTE), 0);
});

test('a prospect or its address that comes later is filled in; what is known stays frozen', async (t) => {
  const first = [
    aSubmission({ activityId: 1, prospect: null }),
    aSubmission({ activityId: 2, prospect: aProspect({ email: null }) }),
    aSubmission({ activityId: 3, prospect: aProspect({ email: 'first@example.com' }) }),
  ];
  const { store, calls, poll, become, waiting } = setUp(t, first);
  assert.deepEqual(await poll(), { submissions: 0 });
  assert.deepEqual(waiting(), [1, 2]);
  become(first.map((row) => ({ ...row, prospect: aProspect({ id: 777, email: 'late@example.com' }) })));
  assert.deepEqual(await poll(), { submissions: 2 });
  assert.deepEqual(waiting(), []);
  assert.deepEqual(await poll(), {});
  assert.deepEqual(calls, ['1,2', '1,2']);
  assert.deepEqual(
    [1, 2, 3].map((id) => store.submissions.get(id)?.email),
    ['late@example.com', 'late@example.com', 'first@example.com'],
  );
});

test('a prospect that comes as deleted may be back from the recycle bin by the submission; later it is believed', async (t) => {
  const first = [1, 2].map((activityId) =>
    aSubmission({ activityId, prospect: aProspect({ id: 500 + activityId, isDeleted: true }) }),
  );
  const { store, clock, poll, become, waiting } = setUp(t, first);
  assert.deepEqual(await poll(), { submissions: 0 });
  assert.deepEqual(waiting(), [1, 2]);
  become(first.map((row) => (row.activityId === 1 ? { ...row, prospect: aProspect({ id: 501 }) } : row)));
  await poll();
  assert.deepEqual(waiting(), [2]);
  await clock.advance(10 * MINUTE);
  await poll();
  assert.deepEqual(waiting(), []);
  assert.deepEqual(
    [1, 2].map((id) => store.submissions.get(id)?.prospectDeleted),
    [false, true],
  );
});

test('custom fields of a prospect that has come are read in one more call', async (t) => {
  const { store, calls, poll, become } = setUp(
    t,
    [aSubmission({ activityId: 1, prospect: null })],
    ['Size__c'],
  );
  become([aSubmission({ activityId: 1, prospect: aProspect() })]);
  await poll();
  assert.deepEqual(calls, ['1', 'prospects 501 Size__c']);
  assert.deepEqual(store.submissions.get(1)?.fields, { Size__c: '10' });
});
