import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AppError,
  AuthError,
  ConfigError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
  VendorError,
} from '../src/errors.ts';

const AT = { vendor: 'pardot', operation: 'GET /lists' } as const;

test('every error carries its own name, its hint and its cause', () => {
  const cause = new Error('why');
  const errors = [
    new RetryableError('m', { ...AT, applied: 'unknown', hint: 'h', cause }),
    new UnreadableAnswerError('m', { ...AT, applied: 'done', field: 'id', hint: 'h', cause }),
    new RefusedError('m', { ...AT, hint: 'h', cause }),
    new AuthError('m', { ...AT, hint: 'h', cause }),
    new ParkedError('m', { ...AT, reason: 'rate', untilMs: 1, hint: 'h', cause }),
  ];
  for (const error of errors) {
    assert.equal(error.name, error.constructor.name);
    assert.deepEqual([error.message, error.hint, error.cause], ['m', 'h', cause]);
    assert.ok(error instanceof VendorError && error instanceof AppError);
  }
  assert.ok(!('cause' in new AuthError('m', AT)), 'no cause rather than an undefined one');
});

test('one recovers from an answer that cannot be read as from other trouble, from the rest each in its way', () => {
  assert.ok(
    new UnreadableAnswerError('m', { ...AT, applied: 'done', field: 'id' }) instanceof RetryableError,
  );
  for (const error of [new RefusedError('m', AT), new AuthError('m', AT)]) {
    assert.ok(!(error instanceof RetryableError) && !(error instanceof ParkedError));
  }
});

test('a configuration error counts its problems and names the file', () => {
  const problem = { path: 'pardot', message: 'm', fix: 'f' };
  assert.equal(new ConfigError([problem]).message, 'configuration: 1 problem');
  assert.equal(new ConfigError([problem, problem], { file: 'a.yaml' }).message, 'a.yaml: 2 problems');
});
