import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vendorsText } from '../../src/cli/vendor-view.ts';
import { DAY, HOUR } from '../../src/clock.ts';
import type { SavedGovernor } from '../../src/governor/state.ts';
import { type VendorJson, vendorJson } from '../../src/status/vendor.ts';

const START = Date.parse('2026-03-02T08:00:00Z');

const OLD_STATE: SavedGovernor = {
  parkedUntilMs: null,
  parkReason: null,
  periodStartedAtMs: START,
  calls: { registrations: 40, attendance: 5, discovery: 30, replays: 2, backfill: 1 },
  limit: null,
  remaining: null,
  resetAtMs: null,
};
const SAVED: SavedGovernor = {
  ...OLD_STATE,
  parks: { rate: START + 10 * HOUR, circuit: START + 11 * HOUR, auth: START + HOUR },
  limit: 10_000,
  remaining: 4_800,
  others: 5_122,
  recent: [{ startedAtMs: START, own: 78, others: 5_122 }],
  budget: { limit: 9_000, periodMs: 30 * DAY },
  breaker: { failures: 7, openings: 2 },
  pace: 0.5,
};
const at = (hours: number): VendorJson => vendorJson('livestorm', SAVED, START + hours * HOUR);

test('a vendor is told with calls by class, parks that last, circuit, pace, and when calls run out', () => {
  const view = at(9);
  assert.equal(view.calls_this_period, 78);
  assert.deepEqual(view.calls_by_class, SAVED.calls);
  assert.deepEqual(
    [view.budget, view.limit, view.remaining, view.others_this_period],
    [9_000, 10_000, 4_800, 5_122],
  );
  assert.deepEqual(
    view.parks.map(({ reason }) => reason),
    ['rate', 'circuit'],
  );
  assert.deepEqual([view.park_reason, view.parked_until], ['circuit', '2026-03-02T19:00:00.000Z']);
  assert.deepEqual([view.circuit, view.pace], ['open', 0.5]);
  assert.equal(view.exhausted_at, '2026-03-03T01:18:27.692Z');
  assert.equal(view.period_ends_at, '2026-04-01T08:00:00.000Z');
  assert.deepEqual([at(12).circuit, at(12).parked_until], ['trying', null]);
});

test('a state of an older version is shown with what it has', () => {
  const view = vendorJson('pardot', OLD_STATE, START);
  assert.deepEqual(
    [view.others_this_period, view.budget, view.exhausted_at, view.circuit, view.pace],
    [0, null, null, 'closed', 1],
  );
});

test('the text has a line for each vendor, and one for what the calls were for', () => {
  const text = vendorsText([at(9), vendorJson('pardot', OLD_STATE, START)]);
  assert.match(
    text,
    /^livestorm +78 of 9000 +4800 of 10000 +2026-03-03T01:18:27\.692Z +rate until .*, circuit until .* 50 %$/m,
  );
  assert.match(text, /^pardot +78 of - +- +no +no +full$/m);
  assert.match(text, /^livestorm +40 +5 +30 +2 +1 +5122 /m);
  assert.equal(vendorsText([]), '');
});
