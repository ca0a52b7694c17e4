import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { DAY, HOUR, MINUTE } from '../../src/clock.ts';
import { type Call, WORK_CLASSES, type WorkClass } from '../../src/domain.ts';
import { ParkedError, type ParkReason, RefusedError, RetryableError } from '../../src/errors.ts';
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

const trouble = (status?: number) =>
  new RetryableError('no answer', { vendor: 'livestorm', operation: 'GET /', applied: 'unknown', status });
const failing = (status?: number) => async () => {
  throw trouble(status);
};

test('a vendor that does not answer is left alone, tried by one call at a time, and used again as it answers', async () => {
  const { clock, governor } = setUp({ concurrency: 3 }, { autoAdvance: false });
  for (let i = 0; i < 5; i++)
    await assert.rejects(governor.run(call('discovery'), failing(503)), RetryableError);
  await assert.rejects(
    governor.run(call('registrations'), async () => assert.fail('sent')),
    { name: 'ParkedError', reason: 'circuit' },
  );
  await clock.advance(13_000);
  let active = 0;
  let most = 0;
  const slow = async () => {
    most = Math.max(most, ++active);
    await clock.sleep(100);
    active--;
    throw trouble();
  };
  const tries = Array.from({ length: 3 }, () => governor.run(call('registrations'), slow));
  const ended = Promise.allSettled(tries);
  await clock.advance(100);
  assert.deepEqual(
    (await ended).map((end) => end.status === 'rejected' && end.reason.name),
    ['RetryableError', 'ParkedError', 'ParkedError'],
  );
  assert.equal(most, 1);
  await clock.advance(30_000);
  assert.equal(await governor.run(call('registrations'), async () => 'sent'), 'sent');
  const together = Array.from({ length: 3 }, () =>
    governor.run(call('registrations'), () => clock.sleep(50)),
  );
  await clock.advance(50);
  await Promise.all(together);
});

test('an outage of a minute costs little more than the minute', async () => {
  const { clock, governor } = setUp({ concurrency: 3 }, { autoAdvance: false });
  let sent = 0;
  const heals = START + MINUTE;
  const send = async () => {
    sent++;
    if (clock.now() < heals) throw trouble();
  };
  let healedAt = 0;
  while (healedAt === 0) {
    await clock.advance(1_000);
    await governor.run(call('registrations'), send).then(
      () => {
        healedAt = clock.now();
      },
      () => undefined,
    );
  }
  assert.ok(healedAt - heals <= 30_000, `${healedAt - heals} ms after the end of the outage`);
  assert.ok(sent <= 10, `${sent} calls`);
});

test('an open circuit outlives a restart, and failures of a crash loop add up', async () => {
  const { clock, start } = setUp({ concurrency: 3 });
  for (let i = 0; i < 5; i++) await assert.rejects(start().run(call('discovery'), failing()), RetryableError);
  await assert.rejects(
    start().run(call('discovery'), async () => assert.fail('sent')),
    { reason: 'circuit' },
  );
  await clock.sleep(13_000);
  await assert.rejects(start().run(call('discovery'), failing()), RetryableError);
  await assert.rejects(
    start().run(call('discovery'), async () => assert.fail('sent')),
    (error: unknown) => error instanceof ParkedError && error.untilMs - clock.now() >= 16_000,
  );
});

test('refusals and answers that cannot be read open no circuit', async () => {
  const { governor } = setUp({ concurrency: 1 });
  const refused = async () => {
    throw new RefusedError('no', { vendor: 'livestorm', operation: 'GET /', status: 404 });
  };
  for (let i = 0; i < 20; i++) await assert.rejects(governor.run(call('discovery'), refused), RefusedError);
  assert.equal(await governor.run(call('discovery'), async () => 'sent'), 'sent');
});

test('after a complaint of the vendor fewer start at once and in a window, then more and more again', async () => {
  const { clock, governor } = setUp({ startsPerWindow: LIVESTORM_RATE, concurrency: 4 });
  const burst = async () => {
    const from = clock.monotonic();
    let active = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, ++active);
      await clock.sleep(200);
      active--;
    };
    await Promise.all(Array.from({ length: 15 }, () => governor.run(call('registrations'), send)));
    return { most, tookMs: clock.monotonic() - from };
  };
  const before = await burst();
  governor.park('rate', clock.now() + 1_000);
  const after = await burst();
  assert.deepEqual([before.most, after.most], [4, 2]);
  assert.ok(after.tookMs > 1.7 * before.tookMs, `${after.tookMs} and ${before.tookMs} ms`);
  await clock.sleep(8 * MINUTE);
  assert.deepEqual(await burst(), before);
});

test('never over what the vendor grants, even when others use half of it', async () => {
  const { clock, state, governor } = setUp({ concurrency: 3, budget: { limit: 1_000, periodMs: 30 * DAY } });
  const random = new Random(7);
  let left = 1_000;
  const refused: string[] = [];
  const ours: Record<string, number> = {};
  const arrival = async (i: number) => {
    await clock.sleep(i * 15_000);
    if (i % 2 === 0 && i < 400) left -= 5 * random.between(0, 1);
    const work = WORK_CLASSES[random.between(0, 4)] ?? 'discovery';
    const send = async () => {
      await clock.sleep(random.between(0, 20_000));
      if (left <= 0) refused.push(work);
      left--;
      ours[work] = (ours[work] ?? 0) + 1;
      const remaining = left;
      await clock.sleep(random.between(0, 20_000));
      governor.observe({ limit: 1_000, remaining });
    };
    await governor
      .run(call(work), send)
      .catch((error) => assert.ok(error instanceof ParkedError, String(error)));
  };
  await Promise.all(Array.from({ length: 1_200 }, (_, i) => arrival(i)));
  assert.deepEqual(refused, [], 'calls beyond the quota');
  const others = 1_000 - left - Object.values(ours).reduce((sum, calls) => sum + calls, 0);
  const seen = state.load('livestorm')?.others ?? 0;
  assert.ok(others > 400 && Math.abs(seen - others) <= 30, `${seen} of ${others} calls of others were seen`);
  assert.ok(left < 20, `${left} of the quota are left`);
  const inOrder = WORK_CLASSES.map((work) => ours[work] ?? 0);
  assert.deepEqual(
    inOrder,
    inOrder.toSorted((a, b) => b - a),
    'who matters more got more',
  );
});

test('a park that nobody can mean is cut to a month, one that is no time at all is not heard', async () => {
  const { state, start, governor } = setUp({ concurrency: 1 });
  governor.park('rate', Number.NaN);
  governor.park('rate', START - HOUR);
  assert.equal(await governor.run(call('discovery'), async () => 'sent'), 'sent');
  governor.park('rate', START + 400 * DAY);
  assert.equal(state.load('livestorm')?.parkedUntilMs, START + 31 * DAY);
  await assert.rejects(
    start().run(call('discovery'), async () => assert.fail('sent')),
    isParked('rate', START + 31 * DAY),
  );
});

test('a park ends on a whole millisecond, whatever the parts of one on the monotonic clock', async () => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const monotonic = clock.monotonic.bind(clock);
  clock.monotonic = () => monotonic() * 1.0001 + 0.37;
  const state = new MemoryState();
  const governor = createGovernor({ vendor: 'livestorm', clock, state, limits: { concurrency: 1 } });
  governor.park('quota', START + HOUR);
  await clock.advance(1_001);
  await assert.rejects(
    governor.run(call('registrations'), async () => {}),
    (error) => {
      assert.ok(error instanceof ParkedError);
      return Number.isInteger(error.untilMs);
    },
  );
});

for (const [what, jumpMs] of [
  ['ahead', 5 * HOUR],
  ['back', -5 * HOUR],
] as const) {
  test(`a clock that is set ${what} during a park moves its end neither now nor for the next start`, async () => {
    const { clock, start, governor } = setUp({ concurrency: 1 }, { autoAdvance: false });
    governor.park('rate', START + 10 * MINUTE);
    await clock.advance(4 * MINUTE);
    clock.jump(jumpMs);
    const send = async () => assert.fail('sent');
    const until = isParked('rate', START + 10 * MINUTE + jumpMs);
    await assert.rejects(governor.run(call('registrations'), send), until);
    await assert.rejects(start().run(call('registrations'), send), until);
    await clock.advance(6 * MINUTE);
    assert.equal(await start().run(call('registrations'), async () => 'sent'), 'sent');
  });
}

test('a clock that is set back while the program is down stretches no park, however often it starts', async () => {
  const { clock, start, governor } = setUp({ concurrency: 1 }, { autoAdvance: false });
  governor.park('rate', START + 10 * MINUTE);
  clock.jump(-5 * HOUR);
  for (const leftMinutes of [10, 5]) {
    await assert.rejects(
      start().run(call('registrations'), async () => assert.fail('sent')),
      isParked('rate', clock.now() + leftMinutes * MINUTE),
    );
    await clock.advance(5 * MINUTE);
  }
  assert.equal(await start().run(call('registrations'), async () => 'sent'), 'sent');
});

test('a park is kept before anybody hears of it: whoever is killed then still obeys it', async () => {
  const { start, governor } = setUp({ concurrency: 1 });
  await governor.run(call('attendance'), async () => {
    governor.park('rate', START + 10 * MINUTE);
    await assert.rejects(
      start().run(call('attendance'), async () => assert.fail('sent')),
      isParked('rate', START + 10 * MINUTE),
    );
  });
});

test('neither a shorter Retry-After nor an answer of a call under way ends a park', async () => {
  const { clock, start, governor } = setUp({ concurrency: 3 }, { autoAdvance: false });
  const underWay = governor.run(call('attendance'), () => clock.sleep(2_000));
  const alsoAsked = governor.run(call('attendance'), async () => {
    await clock.sleep(1_000);
    governor.park('rate', clock.now() + MINUTE);
  });
  governor.park('rate', START + 10 * MINUTE);
  await clock.advance(2_000);
  await Promise.all([underWay, alsoAsked]);
  for (const each of [governor, start()]) {
    await assert.rejects(
      each.run(call('attendance'), async () => assert.fail('sent')),
      isParked('rate', START + 10 * MINUTE),
    );
  }
});
