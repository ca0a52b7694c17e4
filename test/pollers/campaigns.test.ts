import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotClient } from '../../src/clients/pardot.ts';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { PardotCampaign } from '../../src/domain.ts';
import { campaignsPoller } from '../../src/pollers/campaigns.ts';
import { aRun, aSession, fake, link, recordingLog, START, temporaryStore } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('a mirror is found by the 15 characters both ids share; a late one is asked for less often', async (t) => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log, lines } = recordingLog();
  const campaigns: PardotCampaign[] = [];
  const since: number[] = [];
  const pardot = fake<PardotClient>({
    listCampaigns: async ({ updatedSinceMs = 0 }) => {
      since.push(updatedSinceMs);
      return campaigns;
    },
  });
  const poll = campaignsPoller({ pardot, store, clock, log });
  const minutesOn = async (minutes: number) => {
    await clock.advance(minutes * MINUTE);
    const { mirrored } = await poll(aRun());
    return mirrored;
  };
  assert.equal(await minutesOn(0), undefined, 'nothing awaited, nothing asked');
  link(store, aSession(), null);
  const salesforceId = '701000000000001';
  campaigns.push(
    { id: 1, name: 'Link of session-1', salesforceId: null, isDeleted: false },
    { id: 2, name: 'same id, deleted', salesforceId, isDeleted: true },
    { id: 3, name: 'other case', salesforceId: '70i000000000001AAA', isDeleted: false },
  );
  assert.deepEqual([await minutesOn(0), await minutesOn(1)], [0, 0]);
  assert.deepEqual(since, [START - 10 * MINUTE, START - 10 * MINUTE]);
  assert.deepEqual([await minutesOn(28), lines.length], [0, 0]);
  assert.deepEqual([await minutesOn(2), lines.length], [0, 1]);
  assert.deepEqual([await minutesOn(15), await minutesOn(9), await minutesOn(1)], [0, undefined, 0]);
  campaigns.push({ id: 4, name: 'renamed', salesforceId, isDeleted: false });
  assert.deepEqual([await minutesOn(10), await minutesOn(10)], [1, undefined]);
  assert.equal(store.links.get('session-1')?.pardotCampaignId, 4);
});

test('a mirror is found although our clock was ahead when the campaign was made', async (t) => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const mirror = { id: 4, name: 'mirror', salesforceId: '701000000000001AAA', isDeleted: false };
  const pardot = fake<PardotClient>({
    listCampaigns: async ({ updatedSinceMs = 0 }) => (updatedSinceMs <= START + MINUTE ? [mirror] : []),
  });
  const poll = campaignsPoller({ pardot, store, clock, log: recordingLog().log });
  link(store, aSession(), null);
  store.links.campaignMade('session-1', mirror.salesforceId, START + HOUR);
  await clock.advance(2 * MINUTE);
  await poll(aRun());
  assert.equal(store.links.get('session-1')?.pardotCampaignId, 4);
});

test('a mirror is found in the end although our clock is still ahead', async (t) => {
  const ours = new VirtualClock(START + 5 * HOUR, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const mirror = { id: 4, name: 'mirror', salesforceId: '701000000000001AAA', isDeleted: false };
  const pardot = fake<PardotClient>({
    listCampaigns: async ({ updatedSinceMs = 0 }) => (updatedSinceMs <= START ? [mirror] : []),
  });
  const poll = campaignsPoller({ pardot, store, clock: ours, log: recordingLog().log });
  link(store, aSession(), null);
  store.links.campaignMade('session-1', mirror.salesforceId, ours.now());
  assert.deepEqual(await poll(aRun()), { mirrored: 0 });
  await ours.advance(31 * MINUTE);
  assert.deepEqual(await poll(aRun()), { mirrored: 1 });
});

test('a mirror that the configuration gave to another session keeps nobody else from theirs', async (t) => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store } = temporaryStore(t);
  const { log, lines } = recordingLog();
  const mirrors = [1, 2].map((id) => ({
    id,
    name: `mirror ${id}`,
    salesforceId: `70100000000000${id}AAA`,
    isDeleted: false,
  }));
  const pardot = fake<PardotClient>({ listCampaigns: async () => mirrors });
  for (const [index, { salesforceId }] of mirrors.entries()) {
    const id = `session-${index}`;
    link(store, aSession({ id }), null);
    store.links.campaignMade(id, salesforceId, START);
  }
  store.sessions.observe(aSession({ id: 'named' }), START);
  store.links.adopt('named', 'Named', { campaignId: 1, listId: null }, START);
  const poll = campaignsPoller({ pardot, store, clock, log });
  assert.deepEqual(await poll(aRun()), { mirrored: 1 });
  assert.deepEqual(
    ['session-0', 'session-1', 'named'].map((id) => store.links.get(id)?.pardotCampaignId),
    [null, 2, 1],
  );
  assert.equal(lines.length, 1);
});
