import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../src/clock.ts';
import { watch, watchdogMs } from '../src/watchdog.ts';
import { recordingLog, START } from './support/builders.ts';
import { VirtualClock } from './support/virtual-clock.ts';

function setUp() {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { log, lines } = recordingLog();
  const told: number[] = [];
  const state = { stuck: [] as string[], full: false };
  const stop = new AbortController();
  const watching = watch(
    {
      clock,
      log,
      notify: (text) => {
        assert.equal(text, 'WATCHDOG=1');
        told.push((clock.monotonic() / SECOND) | 0);
      },
      stuck: () => state.stuck,
      beat: () => {
        if (state.full) throw new Error('disk full');
      },
      signal: stop.signal,
    },
    2 * MINUTE,
  );
  return { clock, lines, told, state, stop, watching };
}

test('systemd hears three times as often as it must that all goes on', async () => {
  const { clock, told, stop, watching } = setUp();
  await clock.advance(2 * MINUTE);
  assert.deepEqual(told, [0, 40, 80, 120]);
  stop.abort();
  await watching;
});

test('it hears nothing while a job does not go on, or the state cannot be written', async () => {
  for (const trouble of [{ stuck: ['people'] }, { full: true }]) {
    const { clock, lines, told, state, stop, watching } = setUp();
    Object.assign(state, trouble);
    await clock.advance(2 * MINUTE);
    assert.deepEqual(told, [0]);
    assert.equal(lines.filter(({ level }) => level === 'error').length, 3);
    Object.assign(state, { stuck: [], full: false });
    await clock.advance(40 * SECOND);
    assert.deepEqual(told, [0, 160]);
    stop.abort();
    await watching;
  }
});

test('without WatchdogSec= there is nothing to tell', () => {
  assert.equal(watchdogMs({}), undefined);
  assert.equal(watchdogMs({ WATCHDOG_USEC: '180000000' }), 180 * SECOND);
});
