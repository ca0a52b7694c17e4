import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/clock.ts';
import { Budget } from '../../src/governor/budget.ts';
import { forecast } from '../../src/governor/forecast.ts';
import type { SavedGovernor } from '../../src/governor/state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const MONTH = { limit: 10_000, periodMs: 30 * DAY };

/** What is saved after so many hours, each with so many calls of ours and of others. */
async function after(hours: number, own: number, others: number, budget = MONTH) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const made = new Budget(clock, budget, undefined);
  let left = 10_000;
  made.observe({ limit: 10_000, remaining: left });
  for (let hour = 0; hour < hours; hour++) {
    for (let i = 0; i < own; i++) made.count('discovery');
    left -= own + others;
    made.observe({ remaining: left });
    await clock.advance(HOUR);
  }
  const saved: SavedGovernor = { ...made.figures(), parkedUntilMs: null, parkReason: null };
  return { saved, nowMs: clock.now() };
}

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? 0) - expected) < 2 * DAY, `${((actual ?? 0) - START) / DAY} days`);

test('what is spent slowly enough lasts', async () => {
  const { saved, nowMs } = await after(48, 10, 2);
  assert.equal(forecast(saved, nowMs), undefined);
});

test('on the first day nothing is foreseen before a hundredth of what is left was spent', async () => {
  const first = await after(1, 30, 10);
  assert.equal(forecast(first.saved, first.nowMs), undefined);
  const busy = await after(1, 30, 100);
  near(forecast(busy.saved, busy.nowMs)?.exhaustedAtMs, START + (10_000 / (130 * 24)) * DAY);
  const later = await after(48, 15, 0);
  near(forecast(later.saved, later.nowMs)?.exhaustedAtMs, START + (10_000 / (15 * 24)) * DAY);
});

test('our own spending exhausts our budget at a foreseeable time', async () => {
  const { saved, nowMs } = await after(48, 40, 0, { limit: 5_000, periodMs: 30 * DAY });
  const foreseen = forecast(saved, nowMs);
  assert.equal(foreseen?.of, 'budget');
  near(foreseen?.exhaustedAtMs, START + (5_000 / 960) * DAY);
});

test('others count against what the vendor grants, not against our budget', async () => {
  const { saved, nowMs } = await after(48, 5, 60);
  assert.equal(saved.others, 48 * 60);
  const foreseen = forecast(saved, nowMs);
  assert.equal(foreseen?.of, 'vendor');
  near(foreseen?.exhaustedAtMs, START + (10_000 / (65 * 24)) * DAY);
});

test('only the last day counts, and a period that is over says nothing', async () => {
  const { saved, nowMs } = await after(24, 100, 0);
  assert.ok(forecast(saved, nowMs));
  assert.equal(forecast(saved, nowMs + 25 * HOUR), undefined);
  assert.equal(forecast(saved, START + 31 * DAY), undefined);
});

test('what is used up already is told, and a state of an older version is read', () => {
  const saved: SavedGovernor = {
    parkedUntilMs: null,
    parkReason: null,
    periodStartedAtMs: START,
    calls: { registrations: 0, attendance: 0, discovery: 3, replays: 0, backfill: 0 },
    limit: 25_000,
    remaining: 0,
    resetAtMs: START + HOUR,
  };
  assert.deepEqual(forecast(saved, START), { of: 'vendor', exhaustedAtMs: START });
  assert.equal(forecast({ ...saved, remaining: 5 }, START), undefined);
});
