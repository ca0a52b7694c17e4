import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../../src/clock.ts';
import {
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
} from '../../src/errors.ts';
import { CircuitBreaker, isOutage } from '../../src/governor/breaker.ts';

const middle = () => 0.5;

test('five failures in a row open it, each further one doubles the pause, to five minutes', () => {
  const breaker = new CircuitBreaker(middle, undefined);
  const pauses = Array.from({ length: 12 }, () => breaker.failed() / SECOND);
  assert.deepEqual(pauses, [0, 0, 0, 0, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test('an answer in between starts the count anew', () => {
  const breaker = new CircuitBreaker(middle, undefined);
  for (let i = 0; i < 20; i++) {
    assert.equal(breaker.failed(), 0);
    if (i % 4 === 3) breaker.answered();
  }
  assert.equal(breaker.isTrying, false);
});

test('a recovery is seen no later after an outage than it lasted', () => {
  for (const chance of [0, 0.5, 0.999]) {
    const breaker = new CircuitBreaker(() => chance, undefined);
    for (let i = 0; i < 4; i++) breaker.failed();
    let elapsedMs = 0;
    for (let opening = 0; opening < 10; opening++) {
      const outageMs = elapsedMs;
      const pauseMs = breaker.failed();
      elapsedMs += pauseMs;
      assert.ok(pauseMs <= Math.max(12 * SECOND, 1.6 * outageMs + 12 * SECOND), `opening ${opening}`);
      assert.ok(pauseMs <= 6 * MINUTE);
    }
  }
});

test('a restart goes on where it stood', () => {
  const before = new CircuitBreaker(middle, undefined);
  for (let i = 0; i < 6; i++) before.failed();
  const after = new CircuitBreaker(middle, before.counts());
  assert.equal(after.isTrying, true);
  assert.equal(after.failed(), 40 * SECOND);
});

test('no answer and trouble of the vendor is an outage, a refusal is an answer', () => {
  const vendor = { vendor: 'livestorm', operation: 'GET /sessions' } as const;
  const unknown = { ...vendor, applied: 'unknown' } as const;
  const cases: [Error, boolean][] = [
    [new RetryableError('reset', unknown), true],
    [new RetryableError('503', { ...unknown, status: 503 }), true],
    [new RetryableError('408', { ...unknown, status: 408 }), true],
    [new RetryableError('429', { ...unknown, status: 429 }), false],
    [new UnreadableAnswerError('odd', { ...unknown, field: 'id' }), false],
    [new RefusedError('no', { ...vendor, status: 404 }), false],
    [new AuthError('no', { ...vendor, status: 401 }), false],
    [new ParkedError('402', { ...vendor, reason: 'allowance', untilMs: 0 }), false],
    [new Error('a bug'), false],
  ];
  for (const [error, expected] of cases) assert.equal(isOutage(error), expected, error.message);
});
