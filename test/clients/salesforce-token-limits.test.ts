import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenLimits } from '../../src/clients/salesforce-token-limits.ts';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';

test('the first request and the first replacement are free, the second waits a minute', () => {
  const limits = new TokenLimits();
  assert.equal(limits.waitMs(0), 0);
  limits.issued(0, false);
  assert.equal(limits.waitMs(1), 0);
  limits.issued(1, true);
  assert.equal(limits.waitMs(1), MINUTE);
  limits.issued(MINUTE + 1, true);
  assert.equal(limits.waitMs(MINUTE + 1), 10 * MINUTE - (MINUTE + 1));
});

test('a refused grant waits so long that restarts cannot exceed three in ten minutes', () => {
  const limits = new TokenLimits();
  limits.refused(0);
  assert.equal(limits.waitMs(0), (10 * MINUTE) / 3);
});

test('passing failures back off up to a minute, and an answer ends that', () => {
  const limits = new TokenLimits();
  const waits: number[] = [];
  let now = 0;
  for (let i = 0; i < 6; i++) {
    limits.failed(now);
    waits.push(limits.waitMs(now) / SECOND);
    now += limits.waitMs(now);
  }
  assert.deepEqual(waits, [5, 10, 20, 40, 60, 60]);
  limits.issued(now, false);
  limits.failed(now);
  assert.equal(limits.waitMs(now), 5 * SECOND);
});

test('a dead credential never makes more than three answered requests in ten minutes', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const limits = new TokenLimits();
    const answered: number[] = [];
    let now = 0;
    for (let i = 0; i < 100; i++) {
      now += limits.waitMs(now) + random.between(0, 30) * SECOND * random.between(0, 1);
      const what = random.between(0, 3);
      if (what === 0) limits.failed(now);
      else answered.push(now);
      if (what === 1) limits.refused(now);
      if (what > 1) limits.issued(now, i > 0);
    }
    const close = answered.findIndex(
      (at, i) => (answered[i + 3] ?? Number.POSITIVE_INFINITY) - at < 10 * MINUTE,
    );
    assert.equal(close, -1, `seed ${seed}: four requests within ten minutes from ${answered[close]}`);
  }
});
