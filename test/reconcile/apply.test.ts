import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { type Applied, AuthError, ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';
import { applyDue, type EffectHandler, type Ending } from '../../src/reconcile/apply.ts';
import { backoffMs, MAX_ATTEMPTS } from '../../src/reconcile/backoff.ts';
import type { Effect, EffectState } from '../../src/store/effects.ts';
import { openStoreReadOnly } from '../../src/store/store.ts';
import { aRun, recordingLog, START, temporaryStore } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const KIND = 'prospect_fields';
const SETTLE = 150 * SECOND;
const DONE: Ending = { state: 'done' };
const AT = { vendor: 'pardot', operation: 'PATCH /prospects/{id}' } as const;

const retryable = (applied: Applied, notBeforeMs?: number) =>
  new RetryableError('no answer', { ...AT, applied, notBeforeMs });
const parked = (untilMs: number) => new ParkedError('parked', { ...AT, reason: 'quota', untilMs });
const refused = new RefusedError('no', { ...AT, status: 400 });

function fails(error: unknown): () => Promise<Ending> {
  return async () => {
    throw error;
  };
}

function setUp(t: TestContext, keys: readonly string[] = ['a']) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const { store, stateDir } = temporaryStore(t);
  const { log, lines } = recordingLog();
  for (const naturalKey of keys) store.effects.want({ kind: KIND, naturalKey, payload: {} }, START);
  const apply = (handler: Partial<EffectHandler<unknown>> & Pick<EffectHandler<unknown>, 'send'>) =>
    applyDue(
      { store, clock, log },
      { kind: KIND, work: 'attendance', parallel: 1, settleMs: SETTLE, ...handler },
      aRun(),
    );
  const effect = (key = 'a'): Effect => {
    const found = store.effects.get(KIND, key);
    assert.ok(found);
    return found;
  };
  const crashWhileSending = () => store.effects.markSending(effect().id, clock.now());
  return { clock, store, stateDir, lines, apply, effect, crashWhileSending };
}

test('the row says "sending" on disk before the request leaves', async (t) => {
  const { stateDir, store, apply, effect } = setUp(t);
  const send = async () => {
    using beside = openStoreReadOnly(stateDir);
    const seen = beside.effects.get(KIND, 'a');
    assert.deepEqual([seen?.state, seen?.attempts, seen?.sentAtMs], ['sending', 1, START]);
    return { ...DONE, record: () => store.attendance.recordWritten(501, 's', { A__c: '1' }, START) };
  };
  assert.deepEqual(await apply({ send }), { done: 1 });
  assert.partialDeepStrictEqual(effect(), { state: 'done', finishedAtMs: START, problem: null });
  assert.deepEqual(store.attendance.writtenTo(501), { A__c: '1' });
});

test('an end whose consequences cannot be recorded is no end', async (t) => {
  const { apply, effect } = setUp(t);
  const record = () => {
    throw new Error('a bug');
  };
  assert.deepEqual(await apply({ send: async () => ({ ...DONE, record }) }), { retry: 1 });
  assert.partialDeepStrictEqual(effect(), { state: 'unknown', finishedAtMs: null });
});

test('every class of error leads to its state and its wait', async (t) => {
  const later = START + HOUR;
  /** Error, state, and the earliest and latest wait. */
  const cases: [string, unknown, EffectState, number, number][] = [
    ['not applied', retryable('not_applied'), 'pending', SECOND, 5 * SECOND],
    ['told when', retryable('not_applied', later), 'pending', HOUR, HOUR],
    ['unknown', retryable('unknown'), 'unknown', SETTLE, SETTLE],
    ['unknown, told when', retryable('unknown', later), 'unknown', HOUR, HOUR],
    ['done, answer lost', retryable('done'), 'unknown', SETTLE, SETTLE],
    ['a bug', new TypeError('x of undefined'), 'unknown', SETTLE, SETTLE],
    ['parked', parked(later), 'parked', HOUR, HOUR],
    ['credentials', new AuthError('no', AT), 'parked', 5 * MINUTE, 5 * MINUTE],
    ['refused', refused, 'dead', 0, 0],
  ];
  for (const [name, error, state, minMs, maxMs] of cases) {
    const { apply, effect, lines } = setUp(t);
    await apply({ send: fails(error) });
    const { problem, attempts, nextAttemptAtMs, reason } = effect();
    const waitMs = nextAttemptAtMs - START;
    assert.equal(effect().state, state, name);
    assert.ok(waitMs >= minMs && waitMs <= maxMs, `${name}: ${waitMs}`);
    assert.equal(problem?.class, (error as Error).name, name);
    assert.equal(attempts, state === 'parked' ? 0 : 1, `${name}: what was parked never left`);
    assert.equal(reason, state === 'dead' ? 'dead' : null, name);
    const isForPeople = state === 'dead' || error instanceof AuthError || error instanceof TypeError;
    assert.equal(lines[0]?.level, isForPeople ? 'error' : 'warn', name);
  }
});

test('a clock that is set back makes nobody wait until it is there again, nor cuts a wait short', async (t) => {
  for (const [error, interrupt] of [
    [retryable('not_applied'), false],
    [retryable('unknown'), false],
    [retryable('not_applied'), true],
  ] as const) {
    const { clock, apply, effect, crashWhileSending } = setUp(t);
    clock.jump(5 * HOUR);
    await apply({ send: fails(error) });
    if (interrupt) crashWhileSending();
    clock.jump(-5 * HOUR);
    const isUnknown = interrupt || error.applied === 'unknown';
    await clock.advance(MINUTE);
    const soon = await apply({ send: async () => DONE });
    if (isUnknown) assert.deepEqual(soon, {}, 'nothing can be concluded yet');
    await clock.advance(SETTLE);
    await apply({ send: async () => DONE });
    assert.equal(effect().state, 'done');
  }
});

test('waits grow from seconds to a quarter of an hour, with jitter', () => {
  const cases: [number, number][] = [
    [1, 5 * SECOND],
    [2, 10 * SECOND],
    [8, 640 * SECOND],
    [9, 15 * MINUTE],
    [60, 15 * MINUTE],
    [5000, 15 * MINUTE],
  ];
  for (const [attempts, ceiling] of cases) {
    assert.equal(backoffMs(attempts, 0), ceiling / 5);
    assert.equal(backoffMs(attempts, 1), ceiling);
  }
});

test('one park parks all that is due, sends no more, and lets them go later', async (t) => {
  const { clock, store, apply, effect } = setUp(t, ['a', 'b', 'c']);
  store.effects.want({ kind: KIND, naturalKey: 'later', payload: {} }, START + MINUTE);
  store.effects.want({ kind: 'pardot_list', naturalKey: 'other', payload: {} }, START);
  const sent: string[] = [];
  const reasons: string[] = [];
  const send = async ({ naturalKey }: Effect) => {
    sent.push(naturalKey);
    if (clock.now() < START + HOUR) throw parked(START + HOUR);
    return DONE;
  };
  const parkedReason = (reason: string) => void reasons.push(reason);
  assert.deepEqual(await apply({ send, parked: parkedReason }), { parked: 1 });
  assert.deepEqual([sent.splice(0), reasons], [['a'], ['quota']]);
  assert.deepEqual(
    ['a', 'b', 'c', 'later'].map((key) => effect(key).state),
    ['parked', 'parked', 'parked', 'pending'],
  );
  assert.equal(store.effects.get('pardot_list', 'other')?.state, 'pending');
  assert.deepEqual(await apply({ send }), {});
  await clock.advance(HOUR);
  assert.deepEqual(await apply({ send }), { done: 4 });
  assert.deepEqual(sent, ['later', 'a', 'b', 'c']);
});

test('an interrupted request may have been applied: it is looked up after the settling time', async (t) => {
  const cases: [string, Ending | null, number, number][] = [
    ['it had arrived', DONE, 1, 0],
    ['it had not', null, 1, 1],
  ];
  for (const [name, found, reads, sends] of cases) {
    const { clock, apply, effect, crashWhileSending } = setUp(t);
    crashWhileSending();
    const counts = { reads: 0, sends: 0 };
    const handler = {
      readBack: async () => {
        counts.reads++;
        return found;
      },
      send: async () => {
        counts.sends++;
        return DONE;
      },
    };
    await clock.advance(SETTLE - 1);
    assert.deepEqual(await apply(handler), {}, name);
    assert.equal(effect().state, 'unknown', name);
    await clock.advance(1);
    assert.deepEqual(await apply(handler), { done: 1 }, name);
    assert.deepEqual(counts, { reads, sends }, name);
  }
});

test('what may have been applied is looked up even if it is no longer wanted', async (t) => {
  const cases: [Ending | null, EffectState][] = [
    [DONE, 'done'],
    [null, 'skipped'],
  ];
  for (const [found, state] of cases) {
    const { clock, apply, effect, crashWhileSending } = setUp(t);
    crashWhileSending();
    await clock.advance(SETTLE);
    await apply({
      readBack: async () => found,
      precheck: () => ({ state: 'skipped' }),
      send: fails(new Error('must not be sent')),
    });
    assert.equal(effect().state, state);
  }
});

test('trouble while looking up proves nothing: the outcome stays unknown', async (t) => {
  for (const error of [retryable('not_applied'), refused, parked(START + HOUR), new AuthError('no', AT)]) {
    const { clock, apply, effect, crashWhileSending } = setUp(t);
    crashWhileSending();
    await clock.advance(SETTLE);
    await apply({ readBack: fails(error), send: fails(new Error('must not be sent')) });
    assert.equal(effect().state, 'unknown', error.name);
    assert.ok(effect().nextAttemptAtMs > clock.now(), error.name);
  }
});

test('once it was looked up and not found, a new attempt is judged for itself', async (t) => {
  const cases: [Error, EffectState][] = [
    [retryable('not_applied'), 'pending'],
    [parked(START + HOUR), 'parked'],
    [refused, 'dead'],
  ];
  for (const [error, state] of cases) {
    const { clock, apply, effect, crashWhileSending } = setUp(t);
    crashWhileSending();
    await clock.advance(SETTLE);
    await apply({ readBack: async () => null, send: fails(error) });
    assert.equal(effect().state, state, error.name);
  }
});

test('a refusal ends as the handler finds out, or dead; if it cannot be found out, later', async (t) => {
  const skipped: Ending = { state: 'skipped', reason: 'session_ended' };
  const cases: [string, EffectHandler<unknown>['refused'], EffectState, number][] = [
    ['explained', async () => skipped, 'skipped', 0],
    ['unexplained', async () => null, 'dead', 1],
    ['curable', async () => 'retry', 'pending', 0],
    ['no explanation to be had', fails(retryable('unknown')), 'pending', 0],
  ];
  for (const [name, explain, state, given] of cases) {
    const { apply, effect } = setUp(t);
    let gaveUp = 0;
    await apply({ send: fails(refused), ...(explain && { refused: explain }), gaveUp: () => gaveUp++ });
    assert.equal(effect().state, state, name);
    assert.equal(gaveUp, given, name);
  }
});

test('after the last attempt it is dead, whatever stood in its way', async (t) => {
  const handlers: Pick<EffectHandler<unknown>, 'send' | 'refused'>[] = [
    { send: fails(retryable('not_applied')) },
    { send: fails(refused), refused: fails(retryable('unknown')) },
  ];
  for (const handler of handlers) {
    const { clock, store, apply, effect } = setUp(t);
    store.effects.postpone({ id: effect().id, attempts: MAX_ATTEMPTS - 2 }, 'pending', START, {
      class: '',
      message: '',
    });
    assert.deepEqual(await apply(handler), { retry: 1 });
    await clock.advance(15 * MINUTE);
    assert.deepEqual(await apply(handler), { dead: 1 });
    assert.partialDeepStrictEqual(effect(), { state: 'dead', attempts: MAX_ATTEMPTS, reason: 'dead' });
  }
});

test('no more than allowed are under way at once, and stopping starts no other', async (t) => {
  const keys = ['a', 'b', 'c', 'd', 'e'];
  const { clock, store, lines } = setUp(t, keys);
  clock.autoAdvance = true;
  let [underWay, most, sent] = [0, 0, 0];
  const handler: EffectHandler<unknown> = {
    ...{ kind: KIND, work: 'attendance', parallel: 2, settleMs: SETTLE },
    send: async () => {
      most = Math.max(most, ++underWay);
      await clock.sleep(SECOND);
      sent++;
      underWay--;
      return DONE;
    },
  };
  const { log } = recordingLog();
  const run = aRun({ stopping: () => sent >= 2 });
  assert.deepEqual(await applyDue({ store, clock, log }, handler, run), { done: 3 });
  assert.equal(most, 2);
  assert.deepEqual(await applyDue({ store, clock, log, dryRun: true }, handler, aRun()), {});
  assert.deepEqual(await applyDue({ store, clock, log }, handler, aRun()), { done: 2 });
  assert.deepEqual(lines, []);
});
