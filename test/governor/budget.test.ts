import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../src/clock.ts';
import { WORK_CLASSES } from '../../src/domain.ts';
import { Budget } from '../../src/governor/budget.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const still = () => new VirtualClock(START, { autoAdvance: false });

function spend(budget: Budget, calls: number): void {
  for (let i = 0; i < calls; i++) budget.count('discovery');
}

test('who matters less stops earlier; the last tenth is for registrations, then nothing is left until the period ends', async () => {
  const clock = still();
  const budget = new Budget(clock, { limit: 100, periodMs: DAY }, undefined);
  const stopped: [number, string][] = [];
  for (let used = 1; used <= 100; used++) {
    const before = WORK_CLASSES.filter((work) => budget.shortage(work));
    spend(budget, 1);
    for (const work of WORK_CLASSES)
      if (budget.shortage(work) && !before.includes(work)) stopped.push([used, work]);
  }
  assert.deepEqual(stopped, [
    [50, 'backfill'],
    [75, 'replays'],
    [85, 'discovery'],
    [90, 'attendance'],
    [100, 'registrations'],
  ]);
  assert.deepEqual(budget.shortage('registrations'), { left: 0, of: 100, untilMs: START + DAY });
  await clock.advance(DAY);
  assert.equal(budget.shortage('backfill'), undefined);
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

test('what the vendor lacks beyond our own calls was spent by others', () => {
  const budget = new Budget(still(), undefined, undefined);
  assert.ok(budget.observe({ limit: 100, remaining: 90 }), 'the first figures');
  spend(budget, 3);
  assert.equal(budget.observe({ remaining: 89 }, 2), false, 'two of the three calls may still be under way');
  assert.equal(budget.figures().remaining, 87);
  assert.equal(budget.observe({ remaining: 87 }), false);
  assert.equal(budget.figures().others, 0);
  assert.ok(budget.observe({ remaining: 47 }));
  assert.deepEqual([budget.figures().others, budget.figures().remaining], [40, 47]);
  assert.ok(budget.observe({ remaining: 100 }), 'a refill');
  assert.deepEqual([budget.figures().others, budget.figures().remaining], [40, 100]);
});

test('answers that overtake each other never make more of the vendor figure than is left', () => {
  const budget = new Budget(still(), undefined, undefined);
  budget.observe({ limit: 10, remaining: 3 });
  spend(budget, 3);
  budget.observe({ remaining: 1 }, 2);
  budget.observe({ remaining: 0 }, 2);
  budget.observe({ remaining: 2 }, 2);
  assert.equal(budget.shortage('registrations')?.left, 0);
});

test('a period of a clock that was ahead ends a period from now, its calls still counted', () => {
  const clock = still();
  const ahead = new VirtualClock(START + 400 * DAY, { autoAdvance: false });
  const before = new Budget(ahead, { limit: 10, periodMs: DAY }, undefined);
  spend(before, 10);
  before.observe({ resetAtMs: START + 401 * DAY });
  const after = new Budget(clock, { limit: 10, periodMs: DAY }, before.figures());
  after.shortage('registrations');
  assert.deepEqual(after.shortage('registrations'), { left: 0, of: 10, untilMs: START + DAY });
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

test('an answer that tells no figure does not make an older one believed for longer', async () => {
  const clock = still();
  const budget = new Budget(clock, { limit: 10_000, periodMs: 30 * DAY }, undefined);
  budget.observe({ limit: 10_000, remaining: 1_500 });
  for (let hours = 0; hours < 6; hours++) {
    assert.ok(budget.shortage('discovery'));
    await clock.advance(HOUR);
    budget.observe({});
  }
  assert.equal(budget.shortage('discovery'), undefined);
});

test('of a monthly quota such a figure is believed for six hours', async () => {
  const clock = still();
  const budget = new Budget(clock, { limit: 10_000, periodMs: 30 * DAY }, undefined);
  budget.observe({ limit: 10_000, remaining: 1_500 });
  await clock.advance(6 * HOUR - 1);
  assert.ok(budget.shortage('discovery'));
  assert.equal(budget.shortage('attendance'), undefined);
  await clock.advance(1);
  assert.equal(budget.shortage('discovery'), undefined, 'one call may look');
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
