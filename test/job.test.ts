import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../src/clock.ts';
import { AuthError, ParkedError, RetryableError, StateError } from '../src/errors.ts';
import { type Counts, Job, type JobParts, type Run } from '../src/job.ts';
import { recordingLog, START, temporaryStore } from './support/builders.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const AT = { vendor: 'pardot', operation: 'GET /lists' } as const;

function setUp(t: TestContext) {
  const clock = new VirtualClock(START);
  const { store } = temporaryStore(t);
  const { log, lines } = recordingLog();
  const controller = new AbortController();
  const create = (name: string, run: JobParts['run'], over: Partial<JobParts> = {}) =>
    new Job({ name, run, clock, log, runs: store.jobRuns, abort: controller.signal, ...over });
  return { clock, store, lines, controller, create };
}

/** A job whose runs last until they are told to end. */
function held(create: ReturnType<typeof setUp>['create']) {
  const ends: ((counts: Counts) => void)[] = [];
  let [underWay, most] = [0, 0];
  const job = create('held', async () => {
    most = Math.max(most, ++underWay);
    const counts = await new Promise<Counts>((resolve) => ends.push(resolve));
    underWay--;
    return counts;
  });
  return { job, end: (n: number) => ends[n]?.({}), runs: () => ends.length, most: () => most };
}

test('runs never overlap; triggers during a run make one more follow, whoever started it', async (t) => {
  const { create } = setUp(t);
  for (const start of ['trigger', 'runOnce'] as const) {
    const { job, end, runs, most } = held(create);
    job[start]();
    const first = job.runOnce();
    for (let n = 0; n < 3; n++) job.trigger();
    assert.equal(runs(), 1);
    end(0);
    await first;
    assert.equal(runs(), 2, start);
    const second = job.runOnce();
    end(1);
    await second;
    assert.deepEqual([runs(), most()], [2, 1], start);
  }
});

test('stopping waits for the run under way and starts no other', async (t) => {
  const { create } = setUp(t);
  const { job, end, runs } = held(create);
  job.schedule('0 0 1 1 *');
  job.trigger();
  job.trigger();
  let isStopped = false;
  const stopped = job.stop().then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isStopped, false);
  end(0);
  await stopped;
  job.trigger();
  assert.equal(runs(), 1);
});

test('the schedule is kept after the clock was set back or forward', async (t) => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { create } = setUp(t);
  let runs = 0;
  const count = async (): Promise<Counts> => ({ runs: ++runs });
  const job = create('counted', count, { clock });
  job.schedule('*/10 * * * * *');
  const inFiveMinutes = async (): Promise<number> => {
    runs = 0;
    await clock.advance(5 * MINUTE);
    return runs;
  };
  assert.equal(await inFiveMinutes(), 30);
  clock.jump(-3 * HOUR);
  assert.equal(await inFiveMinutes(), 30);
  clock.jump(400 * DAY);
  assert.equal(await inFiveMinutes(), 31, 'once for all the time jumped over');
  await job.stop();
  assert.equal(await inFiveMinutes(), 0);
  assert.equal(clock.sleeping, 0, 'no timer keeps the process alive');
});

test('a run learns what is asked of it, and its calls carry the abort', async (t) => {
  const { create, controller } = setUp(t);
  const seen: Run[] = [];
  const job = create('a', async (run) => {
    seen.push(run);
    return {};
  });
  await job.runOnce();
  await job.runOnce({ forced: true });
  assert.deepEqual(
    seen.map(({ forced }) => forced),
    [false, true],
  );
  assert.equal(seen[0]?.stopping(), false);
  await job.stop();
  assert.equal(seen[0]?.stopping(), true);
  const call = seen[0]?.call('attendance');
  assert.equal(call?.work, 'attendance');
  controller.abort();
  assert.equal(call?.signal.aborted, true);
});

test('what a run did is stored and told, quietly when it did nothing', async (t) => {
  const { clock, store, lines, create } = setUp(t);
  const work: Counts[] = [{ sent: 2, failed: 0 }, { sent: 0 }];
  const job = create('a', async () => {
    await clock.sleep(1500);
    return work.shift() ?? {};
  });
  await job.runOnce();
  await job.runOnce();
  assert.deepEqual(
    lines.map(({ level, counts, durationMs }) => [level, counts, durationMs]),
    [
      ['info', { sent: 2, failed: 0 }, 1500],
      ['debug', { sent: 0 }, 1500],
    ],
  );
  assert.deepEqual(store.jobRuns.all(), [
    {
      ...{ job: 'a', startedAtMs: START + 1500, finishedAtMs: START + 3000, succeededAtMs: START + 3000 },
      ...{ counts: { sent: 0 }, problem: null },
    },
  ]);
});

test('a failure is stored and told at its level, and the next run is a new one', async (t) => {
  const park = (reason: 'auth' | 'rate') => new ParkedError('parked', { ...AT, reason, untilMs: START + 1 });
  const cases: [Error, string, string][] = [
    [new RetryableError('no answer', { ...AT, applied: 'unknown' }), 'warn', 'no answer'],
    [park('rate'), 'warn', 'parked'],
    [park('auth'), 'error', 'parked'],
    [new AuthError('no scope', AT), 'error', 'no scope'],
    [new StateError('disk full'), 'error', 'disk full'],
    [new TypeError('secret of ana@example.com'), 'error', 'unexpected error, see the log'],
  ];
  for (const [error, level, problem] of cases) {
    const { store, lines, create } = setUp(t);
    const errors: Error[] = [error];
    const job = create('a', async () => {
      const next = errors.shift();
      if (next) throw next;
      return {};
    });
    await assert.rejects(job.runOnce(), error);
    assert.deepEqual([lines[0]?.level, store.jobRuns.all()[0]?.problem], [level, problem]);
    assert.deepEqual(await job.runOnce(), {});
    assert.equal(store.jobRuns.all()[0]?.problem, null);
  }
});

test('a failure is told even when it cannot be stored', async (t) => {
  const { store, lines, create } = setUp(t);
  const job = create('a', async () => {
    store[Symbol.dispose]();
    throw new StateError('disk full');
  });
  await assert.rejects(job.runOnce());
  assert.equal(lines[0]?.level, 'error');
});

test('followers run after a triggered run that did something', async (t) => {
  const { create } = setUp(t);
  const ran: string[] = [];
  const follower = create('follower', async () => {
    ran.push('follower');
    return {};
  });
  const work: (Counts | Error)[] = [{ found: 1 }, { found: 0 }, new Error('failed'), { found: 1 }];
  const job = create(
    'leader',
    async () => {
      const counts = work.shift() ?? {};
      ran.push('leader');
      if (counts instanceof Error) throw counts;
      return counts;
    },
    { followers: [follower] },
  );
  for (let n = 0; n < 3; n++) {
    job.trigger();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(ran, ['leader', 'follower', 'leader', 'leader']);
  await job.runOnce();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(ran.length, 5, 'who runs it by hand decides what follows');
});

test('a job is alive while its schedule ticks, and while its run still calls', async (t) => {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { create } = setUp(t);
  let call: Run['call'] = () => assert.fail();
  const forever = async (run: Run): Promise<Counts> => {
    call = run.call;
    return await new Promise(() => undefined);
  };
  const ticking = create('ticking', async () => ({}), { clock });
  const unscheduled = create('unscheduled', async () => ({}), { clock });
  const hanging = create('hanging', forever, { clock });
  ticking.schedule('0 0 1 1 *');
  hanging.schedule('0 0 1 1 *');
  hanging.trigger();
  const alive = () => [ticking, unscheduled, hanging].map((job) => job.isAlive());
  await clock.advance(MINUTE);
  assert.deepEqual(alive(), [true, true, true]);
  await clock.advance(58 * MINUTE);
  assert.deepEqual(alive(), [true, false, true]);
  call('discovery');
  await clock.advance(59 * MINUTE);
  assert.deepEqual(alive(), [true, false, true]);
  await clock.advance(2 * MINUTE);
  assert.deepEqual(alive(), [true, false, false]);
  void hanging.stop();
  assert.deepEqual(alive(), [true, false, true], 'whoever is told to stop need not tick');
});
