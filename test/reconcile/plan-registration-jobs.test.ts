import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobTask, TaskResult } from '../../src/clients/livestorm-jobs.ts';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { isTold, matchTasks, outcomeOfTask, pollWaitMs } from '../../src/reconcile/plan-registration-jobs.ts';

function tasks(...emailKeys: (string | null)[]): JobTask[] {
  return emailKeys.map((emailKey, index) => ({ index, emailKey, result: 'registered', problem: '' }));
}

test('tasks belong to people by address, or by position when nothing speaks against it', () => {
  const cases: [string, (string | null)[], (number | null)[]][] = [
    ['addresses in another order', ['c', 'a', 'b'], [1, 2, 0]],
    ['no addresses, one each', [null, null, null], [0, 1, 2]],
    ['some addresses, in order', [null, 'b', null], [0, 1, 2]],
    ['some addresses, out of order', [null, 'a', null], [1, null, null]],
    ['one too few', [null, null], [null, null, null]],
    ['one too many', [null, null, null, null], [null, null, null]],
    ['addresses, one too few', ['b', 'a'], [1, 0, null]],
    ['a foreign address', ['x', null, null], [null, null, null]],
    ['none', [], [null, null, null]],
  ];
  for (const [name, emailKeys, indexes] of cases) {
    const matched = matchTasks(['a', 'b', 'c'], tasks(...emailKeys));
    assert.deepEqual(
      matched.map((task) => task?.index ?? null),
      indexes,
      name,
    );
  }
});

test('tasks tell how it ended once each person has one that is over', () => {
  const [first, second] = tasks('a', null);
  assert.ok(first && second);
  const refused: JobTask = { ...second, result: 'refused' };
  assert.equal(isTold(['a', 'b'], [first, refused]), true);
  assert.equal(isTold(['a', 'b'], [first, { ...second, result: 'open' }]), false);
  assert.equal(isTold(['a', 'b'], [first]), false);
  assert.equal(isTold(['a', 'b'], []), false);
});

test('a task ends what it is sure about', () => {
  const outcome = (result: TaskResult, isTeamMember = false, closed: 'session_ended' | null = null) =>
    outcomeOfTask({ index: 0, emailKey: null, result, problem: '' }, isTeamMember, closed);
  assert.equal(outcome('registered'), 'registered');
  assert.equal(outcome('registered', false, 'session_ended'), 'registered');
  assert.equal(outcome('already_registered'), 'already_registered');
  assert.equal(outcome('registered', true), 'team_member');
  assert.equal(outcome('already_registered', true), 'team_member');
  assert.equal(outcome('refused'), null);
  assert.equal(outcome('refused', false, 'session_ended'), 'session_ended');
  assert.equal(outcome('open', false, 'session_ended'), null);
  assert.equal(outcomeOfTask(null, false, 'session_ended'), null);
});

test('a job is asked every 5 seconds at most, then ever more seldom', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 500].map(pollWaitMs), [
    5 * SECOND,
    10 * SECOND,
    20 * SECOND,
    40 * SECOND,
    MINUTE,
    MINUTE,
    MINUTE,
  ]);
});
