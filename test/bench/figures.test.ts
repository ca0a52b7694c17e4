import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundOf, median, percentile, rounded, slope, verdictOf } from './figures.ts';
import { render } from './table.ts';

test('a percentile is a value that was measured, never one in between', () => {
  const values = [40, 10, 30, 20];
  assert.deepEqual(
    [0, 0.25, 0.26, 0.5, 0.95, 1].map((share) => percentile(values, share)),
    [10, 10, 20, 20, 40, 40],
  );
  assert.equal(median([5, 1, 3]), 3);
  assert.deepEqual(values, [40, 10, 30, 20], 'the values stay as they were');
  assert.throws(() => percentile([], 0.5), RangeError);
});

test('the slope tells linear from quadratic and constant', () => {
  const at = (cost: (size: number) => number) =>
    rounded(slope([100, 1000, 10_000].map((size) => ({ size, cost: cost(size) }))));
  assert.equal(
    at((size) => 7 * size),
    1,
  );
  assert.equal(
    at((size) => size * size),
    2,
  );
  assert.equal(
    at(() => 3),
    0,
  );
  assert.throws(() => slope([{ size: 100, cost: 1 }]), RangeError);
});

test('a goal is reached at its bound and missed beyond it', () => {
  const verdict = (value: number, goal?: object) =>
    verdictOf({ name: '', unit: '', value, ...(goal ? { goal: { id: 'X', ...goal } } : {}) });
  assert.equal(verdict(65, { most: 65 }), 'reached');
  assert.equal(verdict(65.1, { most: 65 }), 'short of');
  assert.equal(verdict(90, { least: 90 }), 'reached');
  assert.equal(verdict(89.9, { least: 90 }), 'short of');
  assert.equal(verdict(Number.NaN, { most: 65 }), 'short of');
  assert.equal(verdict(65), '');
  assert.deepEqual(
    [{ id: 'X', most: 0 }, { id: 'X', most: 2 }, { id: 'X', least: 3 }, undefined].map(boundOf),
    ['0', '<= 2', '>= 3', ''],
  );
});

test('figures keep three digits', () => {
  assert.deepEqual([0, 1234.5, 12.345, 0.012345].map(rounded), [0, 1235, 12.3, 0.0123]);
});

test('the table shows figure, goal, verdict and what stands beside it', () => {
  const text = render([
    {
      section: 'latency',
      figures: [{ name: 'p50', value: 62.04, unit: 's', goal: { id: 'L1', most: 65 }, beside: '600 s' }],
    },
    { section: 'ledger', figures: [{ name: 'effects', value: 2000, unit: '/s' }] },
  ]);
  assert.match(text, /p50 +62 s +L1 <= 65 +reached +600 s/);
  assert.match(text, /effects +2000 \/s/);
});
