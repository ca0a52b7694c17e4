import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotSwitches } from '../../../src/sandbox/pardot/switches.ts';
import { BusinessUnit, START_MS } from './business-unit.ts';

const MINUTE_MS = 60_000;
const ID = '701000000000001AAA';

function unitWithSource(switches: Partial<PardotSwitches> = {}) {
  const unit = new BusinessUnit(switches);
  const put = (change: { name?: string; isDeleted?: boolean } = {}) => {
    const earlier = unit.salesforceCampaigns.pop();
    unit.salesforceCampaigns.push({
      id: ID,
      name: 'Webinar',
      isDeleted: false,
      createdAtMs: START_MS,
      ...earlier,
      ...change,
      updatedAtMs: unit.clock.now(),
    });
  };
  put();
  const shown = () =>
    unit.values('campaigns', { fields: 'name,salesforceId,isDeleted,createdAt,updatedAt', deleted: 'all' });
  return { unit, put, shown };
}

test('the mirror appears after the fixed delay, dated when it came, not when it was asked for', () => {
  const { unit, shown } = unitWithSource({ mirrorDelayMs: 3 * MINUTE_MS, userTimeZone: 'UTC' });
  unit.advance(3 * MINUTE_MS - 1);
  assert.deepEqual(shown(), []);
  unit.advance(10 * MINUTE_MS);
  const createdAt = '2026-03-02T12:03:00+00:00';
  assert.deepEqual(shown(), [
    { name: 'Webinar', salesforceId: ID, isDeleted: false, createdAt, updatedAt: createdAt },
  ]);
});

test('by default the delay is between two and ten minutes, different per campaign', () => {
  const { unit } = unitWithSource();
  for (let i = 2; i < 40; i++) {
    const id = `7010000000000${String(i).padStart(2, '0')}AAA`;
    unit.salesforceCampaigns.push({
      id,
      name: id,
      isDeleted: false,
      createdAtMs: START_MS,
      updatedAtMs: START_MS,
    });
  }
  unit.advance(2 * MINUTE_MS - 1);
  assert.equal(unit.world.campaigns().length, 0);
  unit.advance(4 * MINUTE_MS);
  const half = unit.world.campaigns().length;
  assert.ok(half > 5 && half < 34, `${half} after six minutes`);
  unit.advance(4 * MINUTE_MS + 1);
  assert.equal(unit.world.campaigns().length, 39);
});

test('a mirror is subject to the read lag too', () => {
  const { unit, shown } = unitWithSource({ mirrorDelayMs: 0, readLagMs: { min: MINUTE_MS, max: MINUTE_MS } });
  assert.deepEqual(shown(), []);
  unit.advance(MINUTE_MS);
  assert.equal(shown().length, 1);
});

test('a paused connector brings nothing, and what it missed comes when it resumes', () => {
  const { unit, shown } = unitWithSource({ mirrorDelayMs: 0, connectorPaused: true, userTimeZone: 'UTC' });
  unit.advance(60 * MINUTE_MS);
  assert.deepEqual(shown(), []);
  unit.pardot.switches.connectorPaused = false;
  assert.equal(shown()[0]?.createdAt, '2026-03-02T13:00:00+00:00');
});

test('excluded campaigns never come, by 15 characters too', () => {
  const { unit, shown } = unitWithSource({ mirrorDelayMs: 0, excludedCampaigns: [ID.slice(0, 15)] });
  unit.advance(60 * MINUTE_MS);
  assert.deepEqual(shown(), []);
});

test('without Connected Campaigns nothing is mirrored', () => {
  const { unit, shown } = unitWithSource({ mirrorDelayMs: 0, connectedCampaigns: false });
  unit.advance(MINUTE_MS);
  assert.deepEqual(shown(), []);
});

test('a campaign deleted before its mirror came never comes', () => {
  const { unit, put, shown } = unitWithSource({ mirrorDelayMs: 3 * MINUTE_MS });
  put({ isDeleted: true });
  unit.advance(60 * MINUTE_MS);
  assert.deepEqual(shown(), []);
});

test('a rename follows after the delay and moves updatedAt; by switch it does not', () => {
  const { unit, put, shown } = unitWithSource({ mirrorDelayMs: MINUTE_MS, userTimeZone: 'UTC' });
  unit.advance(10 * MINUTE_MS);
  const id = unit.world.campaignOfSalesforce(ID)?.id;
  put({ name: 'Renamed' });
  assert.equal(shown()[0]?.name, 'Webinar');
  unit.advance(MINUTE_MS);
  assert.equal(shown()[0]?.name, 'Renamed');
  assert.equal(shown()[0]?.updatedAt, '2026-03-02T12:11:00+00:00');
  assert.equal(unit.world.campaignOfSalesforce(ID.slice(0, 15))?.id, id);
  unit.pardot.switches.renamesPropagate = false;
  put({ name: 'Again' });
  unit.advance(10 * MINUTE_MS);
  assert.equal(shown()[0]?.name, 'Renamed');
});

for (const [mirrorDeletion, isDeleted, salesforceId] of [
  ['flagged', true, ID],
  ['flagged_detached', true, null],
  ['kept', false, ID],
] as const)
  test(`a deleted campaign: mirror ${mirrorDeletion}`, () => {
    const { unit, put, shown } = unitWithSource({ mirrorDelayMs: MINUTE_MS, mirrorDeletion });
    unit.advance(MINUTE_MS);
    assert.equal(shown().length, 1);
    put({ isDeleted: true });
    unit.advance(10 * MINUTE_MS);
    const [mirror, ...more] = shown();
    assert.deepEqual([mirror?.isDeleted, mirror?.salesforceId, more], [isDeleted, salesforceId, []]);
  });

test('an old campaign is connected: updatedAt moves, createdAt does not, no second mirror comes', () => {
  const { unit, shown } = unitWithSource({ mirrorDelayMs: 5 * MINUTE_MS, userTimeZone: 'UTC' });
  const id = unit.world.createCampaign({ name: 'Webinar', createdAtMs: START_MS - 60 * MINUTE_MS });
  const connect = (salesforceCampaignId: unknown) =>
    unit.post(
      `campaigns/${id}/do/connectSalesforceCampaign`,
      { salesforceCampaignId },
      { fields: 'salesforceId' },
    );
  assert.equal(connect(undefined).json?.code, 207);
  assert.equal(connect(7).json?.code, 206);
  assert.equal(connect('701000000000009AAA').json?.code, 154);
  assert.deepEqual(connect(ID.slice(0, 15)).json, { salesforceId: ID });
  assert.equal(connect(ID).json?.code, 154);
  unit.advance(60 * MINUTE_MS);
  const [row, ...more] = shown();
  assert.deepEqual(more, []);
  assert.equal(row?.createdAt, '2026-03-02T11:00:00+00:00');
  assert.equal(row?.updatedAt, '2026-03-02T12:00:00+00:00');
});

test('connecting without the feature is refused', () => {
  const unit = new BusinessUnit({ connectedCampaigns: false });
  const id = unit.world.createCampaign({ name: 'Old' });
  const path = `campaigns/${id}/do/connectSalesforceCampaign`;
  assert.equal(unit.post(path, { salesforceCampaignId: ID }).json?.code, 218);
});
