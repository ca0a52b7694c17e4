import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/clock.ts';
import { Budget } from '../../src/governor/budget.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const still = () => new VirtualClock(START, { autoAdvance: false });

function spend(budget: Budget, calls: number): void {
  for (let i = 0; i < calls; i++) budget.count('discovery');
}

test('the last tenth is kept for registrations, then nothing is left until the period ends', async () => {
  const clock = still();
  const budget = new Budget(clock, { limit: 100, periodMs: DAY }, undefined);
  spend(budget, 89);
  assert.equal(budget.shortage('discovery'), undefined);
  spend(budget, 1);
  assert.deepEqual(budget.shortage('discovery'), { left: 10, of: 100, untilMs: START + DAY });
  assert.equal(budget.shortage('registrations'), undefined);
  spend(budget, 10);
  assert.deepEqual(budget.shortage('registrations'), { left: 0, of: 100, untilMs: START + DAY });
  await clock.advance(DAY);
  assert.equal(budget.shortage('discovery'), undefined);
  assert.equal(budget.figures().periodStartedAtMs, START + DAY);
});

test('calls are counted by class', () => {
  const budget = new Budget(still(), undefined, undefined);
  budget.count('registrations');
  budget.count('registrations');
  budget.count('replays');
  const { calls } = budget.figures();
  assert.deepEqual(calls, { registrations: 2, attendance: 0, discovery: 0, replays: 1, backfill: 0 });
});

test('the vendor knows what others spend: its figure stops us although our own count is low', async () => {
  const clock = still();
  const budget = new Budget(clock, { limit: 1_000, periodMs: DAY }, undefined);
  budget.observe({ limit: 1_000, remaining: 0, resetAtMs: START + 2 * HOUR });
  assert.deepEqual(budget.shortage('registrations'), { left: 0, of: 1_000, untilMs: START + 2 * HOUR });
  await clock.advance(2 * HOUR);
  assert.equal(budget.shortage('backfill'), undefined);
  assert.equal(budget.figures().remaining, null);
});

test('each started call lowers the vendor figure until the vendor tells a new one', () => {
  const budget = new Budget(still(), undefined, undefined);
  budget.observe({ limit: 10, remaining: 2 });
  spend(budget, 2);
  assert.equal(budget.shortage('registrations')?.left, 0);
  budget.observe({ remaining: 5 });
  assert.equal(budget.shortage('registrations'), undefined);
});

test('a figure without a reset time is believed for an hour, whatever the wall clock does', async () => {
  const clock = still();
  const budget = new Budget(clock, undefined, undefined);
  budget.observe({ limit: 15_000, remaining: 0 });
  clock.jump(-20 * HOUR);
  assert.ok(budget.shortage('registrations'));
  await clock.advance(HOUR - 1);
  assert.ok(budget.shortage('registrations'));
  await clock.advance(1);
  assert.equal(budget.shortage('registrations'), undefined);
});

test('a restart keeps counts and figures', () => {
  const clock = still();
  const before = new Budget(clock, { limit: 10, periodMs: DAY }, undefined);
  spend(before, 10);
  before.observe({ limit: 50, remaining: 40, resetAtMs: START + HOUR });
  const after = new Budget(clock, { limit: 10, periodMs: DAY }, before.figures());
  assert.deepEqual(after.figures(), before.figures());
  assert.deepEqual(after.shortage('registrations'), { left: 0, of: 10, untilMs: START + HOUR });
});
