import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { DAY, HOUR, isoSeconds, MINUTE, SECOND, systemClock } from '../src/clock.ts';

test('instants are told in whole seconds, UTC', () => {
  assert.equal(isoSeconds(Date.parse('2026-03-29T03:30:00.999+02:00')), '2026-03-29T01:30:00Z');
  assert.deepEqual([SECOND, MINUTE, HOUR, DAY], [1e3, 6e4, 36e5, 864e5]);
});

test('the system clock tells the time, never runs backwards and draws from [0, 1)', () => {
  const [before, told, after] = [Date.now(), systemClock.now(), Date.now()];
  assert.ok(before <= told && told <= after);
  const [first, second] = [systemClock.monotonic(), systemClock.monotonic()];
  assert.ok(first <= second);
  const drawn = systemClock.random();
  assert.ok(drawn >= 0 && drawn < 1);
});

test('a sleep ends, or rejects with the reason it was aborted for', async () => {
  await systemClock.sleep(0);
  const controller = new AbortController();
  const reason = new Error('told to stop');
  const sleeping = systemClock.sleep(HOUR, controller.signal);
  controller.abort(reason);
  await assert.rejects(sleeping, reason);
  await assert.rejects(systemClock.sleep(HOUR, controller.signal), reason);
});

test('a deadline aborts by itself', async (t) => {
  const keepAlive = setInterval(() => undefined, HOUR);
  t.after(() => clearInterval(keepAlive));
  const signal = systemClock.deadline(1);
  if (!signal.aborted) await once(signal, 'abort');
  assert.equal(signal.reason.name, 'TimeoutError');
});
