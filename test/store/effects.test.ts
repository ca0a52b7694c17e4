import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../../src/clock.ts';
import type { EffectProblem, Effects, WantedEffect } from '../../src/store/effects.ts';
import { START, temporaryStore } from '../support/builders.ts';

const KIND = 'prospect_fields';
const PROBLEM: EffectProblem = { class: 'RetryableError', message: 'no answer' };
const NONE: ReadonlySet<number> = new Set();

function want(effects: Effects, naturalKey: string, dueAtMs = START): number {
  const wanted: WantedEffect = { kind: KIND, naturalKey, prospectId: 501, payload: { n: naturalKey } };
  assert.ok(effects.want(wanted, dueAtMs));
  return effects.get(KIND, naturalKey)?.id ?? 0;
}

test('an effect exists once per key, and comes back as it was put in', (t) => {
  const { effects } = temporaryStore(t).store;
  const id = want(effects, 'a');
  assert.equal(effects.want({ kind: KIND, naturalKey: 'a', payload: 'other' }, START), false);
  assert.ok(effects.want({ kind: 'pardot_list', naturalKey: 'a', payload: 'other kind' }, START));
  assert.deepEqual(effects.get(KIND, 'a'), {
    id,
    kind: KIND,
    naturalKey: 'a',
    sessionId: null,
    emailKey: null,
    prospectId: 501,
    payload: { n: 'a' },
    state: 'pending',
    reason: null,
    attempts: 0,
    nextAttemptAtMs: START,
    createdAtMs: START,
    sentAtMs: null,
    finishedAtMs: null,
    problem: null,
    carriedBy: null,
  });
});

test('only a finished effect without a reason can be armed again', (t) => {
  const { effects } = temporaryStore(t).store;
  const ends: [string, boolean, (id: number) => void][] = [
    ['pending', false, () => undefined],
    ['sending', false, (id) => effects.markSending(id, START)],
    ['unknown', false, (id) => effects.postpone({ id, attempts: 1 }, 'unknown', START, PROBLEM)],
    ['done', true, (id) => effects.finish(id, 'done', START)],
    ['skipped', true, (id) => effects.finish(id, 'skipped', START)],
    ['skipped for good', false, (id) => effects.finish(id, 'skipped', START, { reason: 'prospect_deleted' })],
    ['dead', false, (id) => effects.finish(id, 'dead', START, { reason: 'dead' })],
  ];
  for (const [key, isArmed, end] of ends) {
    end(want(effects, key));
    const again = { kind: KIND, naturalKey: key, payload: {} } as const;
    assert.equal(effects.want(again, START + 1, { rearm: true }), isArmed, key);
    if (isArmed) assert.equal(effects.get(KIND, key)?.state, 'pending');
  }
});

test('due effects come oldest first, without those under way, never before their time', (t) => {
  const { effects } = temporaryStore(t).store;
  want(effects, 'c', START + 2);
  const second = want(effects, 'b', START + 1);
  const first = want(effects, 'a');
  const order = (except: number[], nowMs = START + 1) =>
    effects.nextDue(KIND, nowMs, new Set(except))?.naturalKey;
  assert.equal(order([]), 'a');
  assert.equal(order([first]), 'b');
  assert.equal(order([first, second]), undefined);
  assert.equal(order([first, second], START + 2), 'c');
  effects.markSending(first, START);
  effects.finish(second, 'done', START);
  assert.equal(order([]), undefined);
});

test('what was on its way at a crash may have been applied, counted from when it was sent', (t) => {
  const { effects } = temporaryStore(t).store;
  const sent = want(effects, 'sent');
  want(effects, 'waiting');
  effects.markSending(sent, START + MINUTE);
  assert.equal(effects.recoverInterrupted('pardot_list', SECOND), 0);
  assert.equal(effects.recoverInterrupted(KIND, 30 * SECOND), 1);
  const found = effects.get(KIND, 'sent');
  assert.equal(found?.state, 'unknown');
  assert.equal(found?.attempts, 1);
  assert.equal(found?.nextAttemptAtMs, START + MINUTE + 30 * SECOND);
  assert.equal(effects.get(KIND, 'waiting')?.state, 'pending');
});

test('newer content replaces unfinished writes; it says whether one may still arrive', (t) => {
  for (const [state, mayArrive] of [
    ['pending', false],
    ['parked', false],
    ['unknown', true],
    ['sending', true],
  ] as const) {
    const { effects } = temporaryStore(t).store;
    const old = want(effects, 'old');
    if (state === 'sending') effects.markSending(old, START);
    else effects.postpone({ id: old, attempts: 1 }, state, START, PROBLEM);
    want(effects, 'new');
    assert.equal(effects.supersedeFieldWrites(501, 'new', START).length > 0, mayArrive, state);
    assert.equal(effects.get(KIND, 'old')?.state, 'skipped', state);
    assert.equal(effects.get(KIND, 'new')?.state, 'pending', state);
    assert.deepEqual(effects.supersedeFieldWrites(502, 'none', START), []);
  }
});

test('parking moves all that is due, keeps the uncertain uncertain, and is lifted as a whole', (t) => {
  const { effects } = temporaryStore(t).store;
  want(effects, 'due');
  want(effects, 'later', START + MINUTE);
  effects.postpone({ id: want(effects, 'unsure'), attempts: 1 }, 'unknown', START, PROBLEM);
  assert.equal(effects.parkDue(KIND, START, START + 5 * MINUTE, PROBLEM), 2);
  const states = () =>
    effects.all(KIND).map(({ state, nextAttemptAtMs }) => [state, nextAttemptAtMs - START]);
  assert.deepEqual(states(), [
    ['parked', 5 * MINUTE],
    ['pending', MINUTE],
    ['unknown', 5 * MINUTE],
  ]);
  effects.releaseParked(START + 1);
  assert.deepEqual(states(), [
    ['parked', 1],
    ['pending', MINUTE],
    ['unknown', 5 * MINUTE],
  ]);
  assert.equal(effects.nextDue(KIND, START + 1, NONE)?.naturalKey, 'due');
});

test('what may have been applied for a person is known, whichever session it was for', (t) => {
  const { effects } = temporaryStore(t).store;
  const isUncertain = (email = 'ana@example.com') => effects.isUncertain('prospect', email);
  effects.want({ kind: 'prospect', naturalKey: 'a', emailKey: 'ana@example.com', payload: {} }, START);
  effects.want({ kind: 'pardot_list', naturalKey: 'a', emailKey: 'ana@example.com', payload: {} }, START);
  const [id, otherKind] = (['prospect', 'pardot_list'] as const).map(
    (kind) => effects.get(kind, 'a')?.id ?? 0,
  );
  effects.postpone({ id: otherKind ?? 0, attempts: 1 }, 'unknown', START, PROBLEM);
  assert.equal(isUncertain(), false, 'nothing of the kind was sent');
  effects.postpone({ id: id ?? 0, attempts: 1 }, 'unknown', START, PROBLEM);
  assert.deepEqual([isUncertain(), isUncertain('bob@example.com')], [true, false]);
  effects.finish(id ?? 0, 'done', START);
  assert.equal(isUncertain(), false);
});

test('the open ones and the counts leave out what has its end', (t) => {
  const { effects } = temporaryStore(t).store;
  effects.finish(want(effects, 'done'), 'done', START);
  effects.finish(want(effects, 'dead'), 'dead', START, { reason: 'dead', problem: PROBLEM });
  want(effects, 'waiting');
  assert.deepEqual(
    effects.open().map(({ naturalKey, problem }) => [naturalKey, problem?.message]),
    [
      ['dead', 'no answer'],
      ['waiting', undefined],
    ],
  );
  assert.deepEqual(
    effects.counts().map(({ state, count }) => [state, count]),
    [
      ['dead', 1],
      ['done', 1],
      ['pending', 1],
    ],
  );
});
