import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { Asset, Submission } from '../../src/domain.ts';
import { formSubmissionsPoller } from '../../src/pollers/form-submissions.ts';
import { openStore } from '../../src/store/store.ts';
import {
  aProspect,
  aRun,
  aSession,
  aSubmission,
  fake,
  link,
  START,
  temporaryStore,
} from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

interface Row {
  submission: Submission;
  /** When reads begin to show it. */
  readonly visibleAtMs: number;
}

const LOOKBACK = 15 * MINUTE;

function setUp(t: TestContext, options: { prospectFields?: string[]; assets?: Asset[] } = {}) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store, stateDir } = temporaryStore(t);
  const rows: Row[] = [];
  const calls: string[] = [];
  const since: number[] = [];
  const visible = () => rows.filter((row) => row.visibleAtMs <= clock.now()).map((row) => row.submission);
  const pardot = fake<PardotClient>({
    listSubmissions: async ({ createdSinceMs }) => {
      since.push(createdSinceMs);
      return visible().filter(({ createdAtMs }) => createdAtMs >= createdSinceMs);
    },
    prospects: async (ids, fields) => {
      calls.push(`prospects ${ids.join()} ${fields.join()}`);
      return ids.map((id) => aProspect({ id, fields: { Size__c: '10' } }));
    },
    listAssets: async (kind) => {
      calls.push(`assets ${kind}`);
      return (options.assets ?? []).filter((asset) => asset.kind === kind);
    },
  });
  const { prospectFields = [] } = options;
  const poll = (at = store) =>
    formSubmissionsPoller({
      pardot,
      store: at,
      clock,
      activatedAtMs: START,
      lookbackMs: LOOKBACK,
      prospectFields,
    })(aRun());
  const show = (submission: Submission, visibleAtMs = submission.createdAtMs) =>
    rows.push({ submission, visibleAtMs });
  const known = () => store.submissions.undecided().map(({ activityId }) => activityId);
  return { clock, store, stateDir, rows, calls, since, poll, show, known };
}

test('rows that become visible late or with a lower id are found once', async (t) => {
  const { clock, poll, show, known } = setUp(t);
  show(aSubmission({ activityId: 30, createdAtMs: START + MINUTE }));
  show(aSubmission({ activityId: 20, createdAtMs: START + 50 * SECOND }), START + 3 * MINUTE);
  show(aSubmission({ activityId: 25, createdAtMs: START }), START + 12 * MINUTE);
  show(aSubmission({ activityId: 40, createdAtMs: START + 11 * MINUTE }));
  const counts: unknown[] = [];
  for (let minute = 0; minute < 14; minute++) {
    counts.push((await poll()).submissions);
    await clock.advance(MINUTE);
  }
  assert.deepEqual(counts, [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0]);
  assert.deepEqual(known(), [20, 25, 30, 40]);
});

test('a row later than the lookback is found by the daily wide reading', async (t) => {
  const { clock, poll, show, known } = setUp(t);
  show(aSubmission({ activityId: 1, createdAtMs: START + 10 * HOUR }), START + 20 * HOUR);
  show(aSubmission({ activityId: 2, createdAtMs: START + 11 * HOUR }));
  await poll();
  await clock.advance(11 * HOUR);
  await poll();
  await clock.advance(13 * HOUR - 1);
  await poll();
  assert.deepEqual(known(), [2]);
  await clock.advance(1);
  await poll();
  assert.deepEqual(known(), [1, 2]);
});

test('a clock that was ahead and is set back does not put off the daily wide reading', async (t) => {
  const { clock, poll, show, known } = setUp(t);
  clock.jump(60 * DAY);
  await poll();
  clock.jump(-60 * DAY);
  await poll();
  show(aSubmission({ activityId: 1, createdAtMs: START + 10 * HOUR }), START + 20 * HOUR);
  show(aSubmission({ activityId: 2, createdAtMs: START + 11 * HOUR }));
  for (const wait of [11 * HOUR, 13 * HOUR]) {
    await clock.advance(wait);
    await poll();
  }
  assert.deepEqual(known(), [1, 2]);
});

test('nothing before activation is asked for, and a row of 2999 does not move the cursor', async (t) => {
  const { clock, poll, show, since } = setUp(t);
  show(aSubmission({ activityId: 9, createdAtMs: Date.parse('2999-01-01T00:00:00Z') }), START);
  await clock.advance(HOUR);
  show(aSubmission({ activityId: 1, createdAtMs: clock.now() }));
  await poll();
  await poll();
  show(aSubmission({ activityId: 2, createdAtMs: clock.now() + 4 * MINUTE }), clock.now());
  await poll();
  await poll();
  const cursors = [START, HOUR + START - LOOKBACK, HOUR + START - LOOKBACK];
  assert.deepEqual(since, [...cursors, HOUR + START + 4 * MINUTE - LOOKBACK]);
});

test('a restart goes on where the store stands; a poll that fails leaves no trace', async (t) => {
  const { clock, stateDir, poll, show, since, store } = setUp(t, { prospectFields: ['Size__c'] });
  await clock.advance(HOUR);
  show(aSubmission({ activityId: 1, createdAtMs: clock.now() }));
  await poll();
  using restarted = openStore(stateDir);
  assert.deepEqual(await poll(restarted), { submissions: 0 });
  assert.deepEqual(since, [START, START + HOUR - LOOKBACK]);

  const before = store.checkpoints.read('form_submissions');
  show(aSubmission({ activityId: 2, createdAtMs: clock.now() }));
  const failing = formSubmissionsPoller({
    pardot: fake<PardotClient>({
      listSubmissions: async () => [aSubmission({ activityId: 2, createdAtMs: clock.now() })],
      prospects: async () => {
        throw new Error('cut');
      },
    }),
    ...{ store, clock, activatedAtMs: START, lookbackMs: LOOKBACK, prospectFields: ['Size__c'] },
  });
  await assert.rejects(failing(aRun()), /cut/);
  assert.deepEqual(store.checkpoints.read('form_submissions'), before);
  assert.equal(store.submissions.get(2), undefined);
});

test('custom fields are read in one more call, for new submissions only', async (t) => {
  const { store, calls, poll, show } = setUp(t, { prospectFields: ['company', 'Size__c'] });
  show(aSubmission({ activityId: 1, prospect: aProspect({ fields: { company: 'Acme' } }) }));
  show(aSubmission({ activityId: 2 }));
  show(aSubmission({ activityId: 3, prospect: aProspect({ id: 502, isDeleted: true }) }));
  await poll();
  await poll();
  assert.deepEqual(calls, ['prospects 501 Size__c']);
  assert.deepEqual(store.submissions.get(1)?.fields, { company: 'Acme', Size__c: '10' });
  assert.deepEqual(store.submissions.get(3)?.fields, {});
});

test('the form inside a landing page is looked up only when nothing else leads to a session', async (t) => {
  const page = { kind: 'landing_page', id: 30, name: 'Page', campaignId: 80, formId: 11 } as const;
  const form = { kind: 'form', id: 11, name: 'Form', campaignId: 70, formId: null } as const;
  const { store, calls, poll, show } = setUp(t, { assets: [page, form] });
  link(store, aSession(), 70);
  const onPage = { formId: null, landingPageId: 30, assetCampaignId: 80 };
  show(aSubmission({ activityId: 1, ...onPage, campaignId: 70 }));
  show(aSubmission({ activityId: 2, campaignId: 99, assetCampaignId: 99 }));
  await poll();
  assert.deepEqual(calls, []);
  show(aSubmission({ activityId: 3, ...onPage, campaignId: 80 }));
  await poll();
  assert.deepEqual(calls, ['assets landing_page', 'assets form']);
  assert.deepEqual(
    [1, 2, 3].map((id) => store.submissions.get(id)?.innerCampaignId),
    [null, null, 70],
  );
});

test('an outage longer than the lookback loses nothing', async (t) => {
  const { clock, store, poll, show, known } = setUp(t);
  show(aSubmission({ activityId: 1, createdAtMs: START + MINUTE }));
  const { transaction } = store;
  store.transaction = () => {
    throw new Error('the disk is full');
  };
  for (let minute = 0; minute < 40; minute++) {
    await clock.advance(MINUTE);
    await assert.rejects(poll(), /disk/);
  }
  store.transaction = transaction;
  await poll();
  assert.deepEqual(known(), [1]);
});
