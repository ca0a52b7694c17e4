import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate } from '../../src/governor/gate.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('whoever waits for a turn when the program drains is refused at once, and later whoever would have to wait', async () => {
  const gate = new Gate({ clock: new VirtualClock(0), concurrency: () => 1, waitMs: () => 0 });
  const drain = new AbortController();
  const enter = (): Promise<void> =>
    gate.enter(
      { work: 'registrations', signal: new AbortController().signal, stopping: drain.signal },
      { check: () => undefined, start: () => undefined, stopped: () => new Error('stopping') },
    );
  await enter();
  const waiting = enter();
  drain.abort();
  await assert.rejects(waiting, /stopping/);
  await assert.rejects(enter(), /stopping/);
  gate.leave();
  await enter();
});
