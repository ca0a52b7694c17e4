import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import type { SalesforceClient } from '../../src/clients/salesforce.ts';
import { HOUR, SECOND } from '../../src/clock.ts';
import type { PardotList } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import type { ExistingLink } from '../../src/reconcile/plan-links.ts';
import { sessionLinksReconciler } from '../../src/reconcile/session-links.ts';
import { anEvent, aRun, aSession, fake, recordingLog, START, temporaryStore } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const AT = { vendor: 'pardot', operation: 'POST /lists' } as const;
const NAME = 'Spring webinar - 2026-03-02 10:00 UTC';
const OWN = 'Livestorm session session-1. Made by livestorm-pardot; renaming is safe.';
const nameTaken = new RefusedError('taken', { ...AT, status: 400, code: 245 });
const lost = new RetryableError('no answer', { ...AT, applied: 'unknown' });

function setUp(t: TestContext, existing: readonly ExistingLink[] = []) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const errors: Error[] = [];
  const lists: PardotList[] = [];
  const calls: string[] = [];
  const campaigns: string[] = [];
  const fail = () => {
    const error = errors.shift();
    if (error) throw error;
  };
  const salesforce = fake<SalesforceClient>({
    findCampaign: async (externalId) =>
      campaigns.includes(externalId) ? { id: '701000000000001AAA', created: false } : undefined,
    ensureCampaign: async ({ externalId, name, startDate }) => {
      calls.push(`campaign ${externalId} ${name} ${startDate}`);
      fail();
      return { id: '701000000000001AAA', created: true };
    },
  });
  const pardot = fake<PardotClient>({
    listsNamed: async (name) => lists.filter((list) => list.name === name),
    createList: async ({ name, description, campaignId }) => {
      calls.push(`list ${name} ${campaignId}`);
      fail();
      lists.push({ id: 900 + lists.length, name, description, campaignId });
      return { id: 899 + lists.length };
    },
  });
  store.sessions.observeEvent(anEvent(), START);
  store.sessions.observe(aSession(), START);
  const rules = { activatedAtMs: START, isEventWanted: () => true, existing };
  const parts = { salesforce, pardot, store, clock, log: recordingLog().log, rules };
  const reconcile = sessionLinksReconciler(parts);
  const mirrored = async () => {
    await reconcile(aRun());
    store.links.mirrored('session-1', 70, clock.now());
    calls.splice(0);
  };
  const listId = () => store.links.get('session-1')?.listId;
  return { clock, store, errors, campaigns, lists, calls, mirrored, listId, run: () => reconcile(aRun()) };
}

test('a session gets its campaign, and its list once the campaign is mirrored', async (t) => {
  const { store, calls, listId, run } = setUp(t);
  assert.deepEqual(await run(), { planned: 1, campaigns: 1, lists: 0, renamed: 0 });
  assert.deepEqual(await run(), { planned: 0, campaigns: 0, lists: 0, renamed: 0 });
  store.links.mirrored('session-1', 70, START);
  store.sessions.observeEvent(anEvent({ title: 'Renamed' }), START);
  assert.deepEqual(await run(), { planned: 1, campaigns: 0, lists: 1, renamed: 0 });
  assert.deepEqual(await run(), { planned: 0, campaigns: 0, lists: 0, renamed: 0 });
  assert.deepEqual(calls, [`campaign session-1 ${NAME} 2026-03-02`, `list ${NAME} 70`]);
  assert.equal(listId(), 900);
});

test('a session that is unpublished meanwhile gets its campaign when it is published again', async (t) => {
  const { clock, store, errors, calls, run } = setUp(t);
  errors.push(new RetryableError('soon', { ...AT, applied: 'not_applied' }));
  await run();
  store.sessions.observeEvent(anEvent({ published: false }), START);
  await clock.advance(HOUR);
  await run();
  assert.equal(store.effects.get('salesforce_campaign', 'session-1')?.state, 'skipped');
  assert.deepEqual(await run(), { planned: 0, campaigns: 0, lists: 0, renamed: 0 });
  store.sessions.observeEvent(anEvent(), START);
  assert.deepEqual(await run(), { planned: 1, campaigns: 1, lists: 0, renamed: 0 });
  assert.equal(calls.length, 2);
});

test('a campaign whose making had no answer is found although the session was canceled since; none is made', async (t) => {
  for (const wasMade of [true, false]) {
    const { clock, store, errors, campaigns, calls, run } = setUp(t);
    errors.push(lost);
    await run();
    if (wasMade) campaigns.push('session-1');
    store.sessions.observe(aSession({ status: 'canceled' }), START);
    await clock.advance(30 * SECOND);
    await run();
    const id = store.links.get('session-1')?.salesforceCampaignId;
    assert.equal(id, wasMade ? '701000000000001AAA' : null);
    assert.equal(calls.length, 1);
  }
});

test('an own list is adopted, the oldest of several; a name in use is told apart', async (t) => {
  const list = (id: number, description: string | null, name = NAME) => ({
    id,
    name,
    campaignId: 70,
    description,
  });
  const distinct = `${NAME} #session-`;
  /** Lists there, errors when one is made, lists asked to be made, the one linked. */
  const cases: [string, PardotList[], Error[], string[], number][] = [
    ['one there', [list(5, OWN)], [], [], 5],
    ['several there', [list(9, OWN), list(7, OWN), list(3, 'somebody else')], [], [], 7],
    ['under its distinct name', [list(3, null), list(8, OWN, distinct)], [], [], 8],
    ["somebody else's", [list(3, null)], [nameTaken], [`list ${NAME} 70`, `list ${distinct} 70`], 901],
  ];
  for (const [name, there, failures, made, linked] of cases) {
    const { lists, errors, calls, mirrored, listId, run } = setUp(t);
    await mirrored();
    lists.push(...there);
    errors.push(...failures);
    await run();
    assert.deepEqual(calls, made, name);
    assert.equal(listId(), linked, name);
  }
});

test('after a lost answer the list is looked up once reads can show it', async (t) => {
  const { clock, lists, errors, calls, mirrored, listId, run } = setUp(t);
  await mirrored();
  errors.push(lost);
  await run();
  lists.push({ id: 950, name: NAME, campaignId: 70, description: OWN });
  await clock.advance(149 * SECOND);
  await run();
  assert.equal(listId(), null);
  await clock.advance(SECOND);
  await run();
  assert.equal(listId(), 950);
  assert.equal(calls.length, 1);
});
