import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { HOUR, MINUTE } from '../../src/clock.ts';
import { type Call, WORK_CLASSES, type WorkClass } from '../../src/domain.ts';
import { ParkedError, type ParkReason } from '../../src/errors.ts';
import type { GovernorState } from '../../src/governor/state.ts';
import { createGovernor, type GovernorOptions } from '../../src/governor/vendor-governor.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { MemoryState } from '../support/memory-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const LIVESTORM_RATE = { count: 5, windowMs: 1_050 };

function setUp(limits: GovernorOptions['limits'], options: { autoAdvance?: boolean } = {}) {
  const clock = new VirtualClock(START, options);
  const state = new MemoryState();
  const start = () => createGovernor({ vendor: 'livestorm', clock, state, limits });
  return { clock, state, start, governor: start() };
}

const call = (work: WorkClass, signal: AbortSignal = new AbortController().signal): Call => ({
  work,
  signal,
});

const isParked = (reason: ParkReason, untilMs: number) => (error: unknown) => {
  assert.ok(error instanceof ParkedError);
  assert.equal(error.reason, reason);
  assert.equal(error.untilMs, untilMs);
  assert.ok(error.hint);
  return true;
};

test('never more than 5 starts in any 1,000 ms, whoever arrives when, whatever the wall clock does', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new Random(seed);
    const { clock, governor } = setUp({ startsPerWindow: LIVESTORM_RATE, concurrency: 4 });
    const starts: number[] = [];
    const arrival = async () => {
      await clock.sleep(random.between(0, 20_000));
      if (random.next() < 0.1) clock.jump(random.between(-3_600_000, 3_600_000));
      const work = WORK_CLASSES[random.between(0, 4)] ?? 'discovery';
      await governor.run(call(work), async () => {
        starts.push(clock.monotonic());
        await clock.sleep(random.between(0, 700));
      });
    };
    await Promise.all(Array.from({ length: 80 }, arrival));
    assert.equal(starts.length, 80);
    const close = starts.findIndex((at, i) => (starts[i + 5] ?? Number.POSITIVE_INFINITY) - at <= 1_000);
    assert.equal(close, -1, `seed ${seed}: six starts within a second from ${starts[close]}`);
  }
});

test('a burst uses the allowed rate in full', async () => {
  const { clock, governor } = setUp({ startsPerWindow: LIVESTORM_RATE, concurrency: 4 });
  await Promise.all(Array.from({ length: 25 }, () => governor.run(call('registrations'), async () => {})));
  assert.equal(clock.monotonic(), 4 * 1_050);
});

test('never more at once than the concurrency allows, failures included', async () => {
  const { clock, governor } = setUp({ concurrency: 2 });
  let active = 0;
  let most = 0;
  const send = async () => {
    most = Math.max(most, ++active);
    await clock.sleep(10);
    active--;
    throw new Error('refused');
  };
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, () => governor.run(call('attendance'), send)),
  );
  assert.equal(most, 2);
  assert.ok(results.every((result) => result.status === 'rejected'));
});

test('more important work overtakes, also while the others already wait', async () => {
  const { clock, governor } = setUp({ concurrency: 1 }, { autoAdvance: false });
  const served: string[] = [];
  const run = (work: WorkClass) =>
    governor.run(call(work), async () => {
      served.push(work);
      await clock.sleep(100);
    });
  const runs = [run('discovery'), run('backfill'), run('replays'), run('attendance')];
  await clock.advance(50);
  runs.push(run('registrations'));
  await clock.advance(1_000);
  await Promise.all(runs);
  assert.deepEqual(served, ['discovery', 'registrations', 'attendance', 'replays', 'backfill']);
});

test('who is aborted while waiting leaves the queue and is never sent', async () => {
  const { clock, state, governor } = setUp({ concurrency: 1 }, { autoAdvance: false });
  const first = governor.run(call('discovery'), () => clock.sleep(100));
  const controller = new AbortController();
  const aborted = governor.run(call('registrations', controller.signal), async () => assert.fail('sent'));
  const last = governor.run(call('backfill'), async () => 'done');
  const reason = new Error('stopping');
  controller.abort(reason);
  await assert.rejects(aborted, reason);
  await clock.advance(100);
  await first;
  assert.equal(await last, 'done');
  assert.equal(state.load('livestorm')?.calls.registrations, 0);
  await assert.rejects(
    governor.run(call('registrations', controller.signal), async () => {}),
    reason,
  );
});

test('no timer is left when nobody waits any more', async () => {
  const { clock, governor } = setUp(
    { startsPerWindow: { count: 1, windowMs: 1_050 }, concurrency: 1 },
    { autoAdvance: false },
  );
  await governor.run(call('discovery'), async () => {});
  const controller = new AbortController();
  const waiting = governor.run(call('discovery', controller.signal), async () => {});
  await turn();
  assert.equal(clock.sleeping, 1);
  controller.abort();
  await assert.rejects(waiting);
  assert.equal(clock.sleeping, 0);
  const next = governor.run(call('discovery'), async () => 'sent');
  await clock.advance(1_050);
  assert.equal(await next, 'sent');
});

test('a park refuses at once, those who wait included, and ends by itself', async () => {
  const { clock, governor } = setUp({ concurrency: 1 }, { autoAdvance: false });
  const inFlight = governor.run(call('discovery'), () => clock.sleep(1_000));
  const waiting = governor.run(call('registrations'), async () => assert.fail('sent'));
  governor.park('rate', START + 10 * MINUTE);
  await assert.rejects(waiting, isParked('rate', START + 10 * MINUTE));
  await assert.rejects(
    governor.run(call('registrations'), async () => assert.fail('sent')),
    isParked('rate', START + 10 * MINUTE),
  );
  await clock.advance(10 * MINUTE);
  await inFlight;
  assert.equal(await governor.run(call('registrations'), async () => 'sent'), 'sent');
});

test('a short rate park is waited out instead', async () => {
  const { clock, governor } = setUp({ concurrency: 2 });
  governor.park('rate', START + 1_000);
  const startedAt = await governor.run(call('registrations'), async () => clock.now());
  assert.equal(startedAt, START + 1_000);
  governor.park('quota', START + 2_000);
  await assert.rejects(
    governor.run(call('registrations'), async () => {}),
    isParked('quota', START + 2_000),
  );
});

test('a park that begins while a call waits for the rate window is obeyed', async () => {
  const { clock, governor } = setUp(
    { startsPerWindow: { count: 1, windowMs: 1_050 }, concurrency: 2 },
    { autoAdvance: false },
  );
  await governor.run(call('discovery'), async () => {});
  const waiting = governor.run(call('discovery'), async () => clock.now());
  await clock.advance(500);
  governor.park('rate', START + 3_000);
  await clock.advance(3_000);
  assert.equal(await waiting, START + 3_000);
});

test('parks and counts survive a restart; the rate window starts full', async () => {
  const { clock, state, start, governor } = setUp({ startsPerWindow: LIVESTORM_RATE, concurrency: 4 });
  for (let i = 0; i < 3; i++) await governor.run(call('attendance'), async () => {});
  assert.equal(state.saves, 3);
  const restarted = start();
  const startedAt = await restarted.run(call('attendance'), async () => clock.monotonic());
  assert.equal(startedAt, 1_050);
  assert.equal(state.load('livestorm')?.calls.attendance, 4);
  restarted.park('auth', START + HOUR);
  await assert.rejects(
    start().run(call('attendance'), async () => assert.fail('sent')),
    isParked('auth', START + HOUR),
  );
  restarted.unpark('rate');
  await assert.rejects(
    start().run(call('attendance'), async () => assert.fail('sent')),
    ParkedError,
  );
  restarted.unpark('auth');
  assert.equal(await start().run(call('attendance'), async () => 'sent'), 'sent');
});

test('a call is counted before it is sent', async () => {
  const { state, governor } = setUp({ concurrency: 1 });
  await governor.run(call('replays'), async () => assert.equal(state.load('livestorm')?.calls.replays, 1));
});

test('a used-up budget parks what it must, and says until when', async () => {
  const { state, governor } = setUp({ concurrency: 1, budget: { limit: 10, periodMs: HOUR } });
  for (let i = 0; i < 9; i++) await governor.run(call('discovery'), async () => {});
  await assert.rejects(
    governor.run(call('discovery'), async () => assert.fail('sent')),
    isParked('quota', START + HOUR),
  );
  assert.equal(await governor.run(call('registrations'), async () => 'sent'), 'sent');
  await assert.rejects(
    governor.run(call('registrations'), async () => assert.fail('sent')),
    isParked('quota', START + HOUR),
  );
  assert.equal(await governor.run(call('discovery'), async () => 'sent', { metered: false }), 'sent');
  assert.equal(state.load('livestorm')?.calls.discovery, 9);
});

test('an unmetered call passes a quota park but no other', async () => {
  const { governor } = setUp({ concurrency: 1 });
  governor.park('quota', START + HOUR);
  assert.equal(await governor.run(call('discovery'), async () => 'sent', { metered: false }), 'sent');
  governor.park('auth', START + MINUTE);
  await assert.rejects(
    governor.run(call('discovery'), async () => assert.fail('sent'), { metered: false }),
    isParked('auth', START + MINUTE),
  );
});

test('a lack of contact allowance stops registrations alone', async () => {
  const { governor } = setUp({ concurrency: 1 });
  governor.park('allowance', START + HOUR);
  assert.equal(await governor.run(call('attendance'), async () => 'sent'), 'sent');
  await assert.rejects(
    governor.run(call('registrations'), async () => assert.fail('sent')),
    isParked('allowance', START + HOUR),
  );
});

test('a state that cannot be saved stops the call, not the governor', async () => {
  const clock = new VirtualClock(START);
  const full = new Error('disk full');
  let broken = true;
  const state: GovernorState = {
    load: () => undefined,
    save: () => {
      if (broken) throw full;
    },
  };
  const governor = createGovernor({ vendor: 'pardot', clock, state, limits: { concurrency: 1 } });
  await assert.rejects(
    governor.run(call('discovery'), async () => assert.fail('sent')),
    full,
  );
  broken = false;
  assert.equal(await governor.run(call('discovery'), async () => 'sent'), 'sent');
});

test('a Retry-After outlives a restart beside a longer park for another reason', async () => {
  const { start, governor } = setUp({ concurrency: 3 }, { autoAdvance: false });
  governor.park('rate', START + 10 * MINUTE);
  governor.park('allowance', START + HOUR);
  const after = start();
  await assert.rejects(
    after.run(call('attendance'), async () => 'sent'),
    isParked('rate', START + 10 * MINUTE),
  );
  after.unpark('rate');
  assert.equal(await start().run(call('attendance'), async () => 'sent'), 'sent');
  await assert.rejects(
    start().run(call('registrations'), async () => 'sent'),
    isParked('allowance', START + HOUR),
  );
});
