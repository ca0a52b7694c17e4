import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SandboxClock } from '../../src/sandbox/kernel/clock.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');

test('sleepers wake in order of time, each at its own hour', async () => {
  const clock = new VirtualClock(START);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push([name, clock.now() - START]);
  };
  await Promise.all([
    sleeper('late', 90_000),
    sleeper('early', 10),
    sleeper('twin', 10),
    sleeper('mid', 500),
  ]);
  assert.deepEqual(woken, [
    ['early', 10],
    ['twin', 10],
    ['mid', 500],
    ['late', 90_000],
  ]);
});

test('somebody who goes back to sleep is woken before a later sleeper', async () => {
  const clock = new VirtualClock(START);
  const woken: number[] = [];
  const ticker = async () => {
    for (let i = 0; i < 4; i++) {
      await clock.sleep(100);
      woken.push(clock.monotonic());
    }
  };
  await Promise.all([ticker(), clock.sleep(250).then(() => woken.push(clock.monotonic()))]);
  assert.deepEqual(woken, [100, 200, 250, 300, 400]);
});

test('an aborted sleeper rejects with the reason and leaves', async () => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const controller = new AbortController();
  const reason = new Error('enough');
  const asleep = clock.sleep(1_000, controller.signal);
  controller.abort(reason);
  await assert.rejects(asleep, reason);
  assert.equal(clock.sleeping, 0);
  await assert.rejects(clock.sleep(1, controller.signal), reason);
});

test('advance wakes whoever is due, also on the way, and nobody else', async () => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const woken: number[] = [];
  const chain = (async () => {
    await clock.sleep(100);
    woken.push(clock.monotonic());
    await clock.sleep(100);
    woken.push(clock.monotonic());
  })();
  const late = clock.sleep(1_000);
  await clock.advance(250);
  assert.deepEqual(woken, [100, 200]);
  assert.equal(clock.monotonic(), 250);
  assert.equal(clock.sleeping, 1);
  clock.autoAdvance = true;
  await Promise.all([chain, late]);
  assert.equal(clock.monotonic(), 1_000);
});

test('time stands still while it is held', async () => {
  const clock = new VirtualClock(START);
  const release = clock.hold();
  const asleep = clock.sleep(50);
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(clock.monotonic(), 0);
  release();
  release();
  await asleep;
  assert.equal(clock.monotonic(), 50);
});

test('a jump moves the wall clock alone', async () => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const asleep = clock.sleep(100);
  clock.jump(-3_600_000);
  assert.equal(clock.now(), START - 3_600_000);
  assert.equal(clock.monotonic(), 0);
  await clock.advance(100);
  await asleep;
  assert.equal(clock.now(), START - 3_600_000 + 100);
});

test('chance follows the seed, and the sandbox can share the clock', () => {
  const draw = (seed: number) => {
    const clock = new VirtualClock(START, { seed });
    return [clock.random(), clock.random()];
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  const shared: SandboxClock = new VirtualClock(START);
  assert.equal(shared.now(), START);
});
