import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateWindow } from '../../src/governor/rate-window.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';

test('the next start waits for the oldest to leave the window', () => {
  const window = new RateWindow({ count: 2, windowMs: 100 });
  window.start(0);
  assert.equal(window.waitMs(10), 0);
  window.start(10);
  assert.equal(window.waitMs(10), 90);
  assert.equal(window.waitMs(99), 1);
  assert.equal(window.waitMs(100), 0);
  window.start(100);
  assert.equal(window.waitMs(100), 10);
});

test('a filled window lets nobody start before it has passed', () => {
  const window = new RateWindow({ count: 5, windowMs: 1_050 });
  window.fill(7);
  assert.equal(window.waitMs(7), 1_050);
  assert.equal(window.waitMs(1_057), 0);
});

test('a start counts from when it is sent, and until then as if it were sent now', () => {
  const window = new RateWindow({ count: 2, windowMs: 100 });
  const first = window.begin();
  window.start(10);
  assert.equal(window.waitMs(50), 60);
  window.start(110);
  assert.equal(window.waitMs(150), 60, 'one of the latest two is yet to come');
  window.sent(first, 190);
  window.sent(first, 200);
  assert.equal(window.waitMs(195), 15);
  assert.equal(window.waitMs(210), 0);
  window.start(210);
  assert.equal(window.waitMs(210), 80);
});

test('whoever obeys it never starts more than 5 in any 1,000 ms', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const window = new RateWindow({ count: 5, windowMs: 1_050 });
    const starts: number[] = [];
    let now = 0;
    for (let i = 0; i < 200; i++) {
      now += random.next() < 0.7 ? random.next() * 40 : random.next() * 1_500;
      now += window.waitMs(now);
      window.start(now);
      starts.push(now);
    }
    const close = starts.findIndex((at, i) => (starts[i + 5] ?? Number.POSITIVE_INFINITY) - at <= 1_000);
    assert.equal(close, -1, `seed ${seed}: six starts within a second from ${starts[close]}`);
  }
});
