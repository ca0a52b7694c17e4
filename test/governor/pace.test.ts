import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { AdaptivePace } from '../../src/governor/pace.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('a complaint halves the pace, down to an eighth; it grows back by an eighth a minute', async () => {
  const clock = new VirtualClock(0, { autoAdvance: false });
  const pace = new AdaptivePace(clock);
  assert.equal(pace.share, 1);
  const shares: number[] = [];
  for (let i = 0; i < 5; i++) {
    pace.slowDown();
    shares.push(pace.share);
    clock.jump(-MINUTE);
    await clock.advance(0);
    for (let second = 0; second < 2; second++) await clock.advance(SECOND);
  }
  assert.ok(
    shares.every((share, i) => Math.abs(share - Math.max(1 / 8, 1 / 2 ** (i + 1))) < 0.01),
    String(shares),
  );
  await clock.advance(4 * MINUTE);
  assert.ok(Math.abs(pace.share - 5 / 8) < 0.01);
  await clock.advance(10 * MINUTE);
  assert.equal(pace.share, 1);
});

test('the complaints of one burst count once', async () => {
  const clock = new VirtualClock(0, { autoAdvance: false });
  const pace = new AdaptivePace(clock);
  for (let i = 0; i < 3; i++) {
    pace.slowDown();
    await clock.advance(SECOND);
  }
  assert.ok(pace.share > 0.49);
});
