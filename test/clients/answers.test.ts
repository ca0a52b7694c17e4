import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs, serverTrouble } from '../../src/clients/answers.ts';
import { failureOf as livestormFailure } from '../../src/clients/livestorm-answers.ts';
import { failureOf as pardotFailure } from '../../src/clients/pardot-answers.ts';
import { DAY, HOUR, SECOND } from '../../src/clock.ts';
import { ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const at = (ms: number): string => new Date(ms).toUTCString();

for (const [what, headers, expected] of [
  ['seconds', { 'retry-after': ' 90 ' }, 90 * SECOND],
  ['a fraction of a second', { 'retry-after': '0.2' }, 200],
  ['a date, no Date header', { 'retry-after': at(NOW + HOUR) }, HOUR],
  ['a date, our clock slow', { 'retry-after': at(NOW + 3 * HOUR), date: at(NOW + 2 * HOUR) }, HOUR],
  ['a date, our clock ahead by a day', { 'retry-after': at(NOW - 23 * HOUR), date: at(NOW - DAY) }, HOUR],
  ['a date that has passed', { 'retry-after': at(NOW - HOUR), date: at(NOW) }, 0],
  ['a negative number', { 'retry-after': '-5' }, undefined],
  ['not a number', { 'retry-after': 'NaN' }, undefined],
  ['no text', { 'retry-after': '' }, undefined],
  ['nothing', {}, undefined],
  ['a year', { 'retry-after': String(365 * 86_400) }, 31 * DAY],
  ['the year 2999', { 'retry-after': 'Tue, 01 Jan 2999 00:00:00 GMT' }, 31 * DAY],
  ['more digits than a number has', { 'retry-after': '9'.repeat(400) }, 31 * DAY],
] as const) {
  test(`Retry-After as ${what}`, () => {
    assert.equal(retryAfterMs(headers, NOW), expected);
  });
}

test('the reset of the quota is read against the clock of the vendor', () => {
  const headers = {
    date: at(NOW - DAY),
    'ratelimit-monthly-remaining': '0',
    'ratelimit-reset': String((NOW - DAY + HOUR) / SECOND),
  };
  const context = { vendor: 'livestorm', operation: 'GET /sessions', nowMs: NOW } as const;
  const error = livestormFailure(context, { status: 429, headers, body: '' });
  assert.ok(error instanceof ParkedError);
  assert.equal(error.untilMs, NOW + HOUR);
});

for (const page of [
  '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">',
  '<!-- gateway -->\n<!-- node 7 -->\n<!doctype html>',
  '\uFEFF<html lang="en">',
]) {
  test(`a page of whatever lies in between is no refusal: ${page}`, () => {
    const context = { vendor: 'livestorm', operation: 'GET /sessions/{id}', nowMs: NOW } as const;
    const error = livestormFailure(context, { status: 404, headers: {}, body: page });
    assert.ok(error instanceof RetryableError);
    assert.equal(error.applied, 'unknown');
  });
}

test('trouble that names a pause is given it', () => {
  const context = { vendor: 'livestorm', operation: 'GET /sessions', nowMs: NOW } as const;
  const busy = { status: 503, headers: { 'retry-after': '120' }, body: '<html>' };
  assert.equal(serverTrouble(context, busy).notBeforeMs, NOW + 120 * SECOND);
  assert.equal(serverTrouble(context, { ...busy, headers: {} }).notBeforeMs, undefined);
});

test('a refusal of Account Engagement has a reason: without any it may have been done, and is found out', () => {
  const context = { vendor: 'pardot', operation: 'POST /lists', nowMs: NOW } as const;
  for (const status of [400, 405, 409]) {
    const error = pardotFailure(context, { status, headers: {}, body: ' ' }, () => 0);
    assert.ok(error instanceof RetryableError);
    assert.equal(error.applied, 'unknown');
    const refusal = { status, headers: {}, body: '{"message":"no"}' };
    assert.ok(pardotFailure(context, refusal, () => 0) instanceof RefusedError);
  }
});

test('Account Engagement is not left alone for more than a day, however long it asks for', () => {
  const context = { vendor: 'pardot', operation: 'GET /prospects', nowMs: NOW } as const;
  const answer = { status: 429, headers: { 'retry-after': String(365 * 86_400) }, body: '' };
  const error = pardotFailure(context, answer, () => 0);
  assert.ok(error instanceof RetryableError);
  assert.equal(error.notBeforeMs, NOW + DAY);
});
