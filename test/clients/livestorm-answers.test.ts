import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import { HOUR, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, ParkedError, RetryableError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, livestormOptions, NOW, PEOPLE, refusal, SESSION } from './livestorm-api.ts';

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let governor: OpenGovernor;
let client: LivestormClient;

beforeEach(() => {
  governor = new OpenGovernor('livestorm');
  client = new LivestormClient(livestormOptions(governor));
});

strictNock();

function register(): Promise<unknown> {
  return client.register(SESSION, { email: 'ada@example.org' }, call);
}

for (const status of [401, 403] as const) {
  test(`${status} needs a person`, async () => {
    api().get('/v1/ping').reply(status, refusal(status, 'Unauthorized'));
    await assert.rejects(client.ping(call), (error) => {
      assert.ok(error instanceof AuthError);
      assert.match(error.hint ?? '', /Events: write/);
      return true;
    });
  });
}

test('404 in words that are not Livestorm’s does not end a session: something in between says so', async () => {
  api().get('/v1/sessions/x').reply(404, 'default backend - 404');
  await assert.rejects(client.session('x', call), { name: 'RetryableError', status: 404 });
  api().get('/v1/sessions/x').reply(404, refusal(404, 'Session not found'));
  assert.equal(await client.session('x', call), null);
});

test('402 pauses registrations for an hour and is not the person’s fault', async () => {
  api().post(PEOPLE).reply(402, refusal(402, 'Upgrade your plan'));
  await assert.rejects(register(), (error) => {
    assert.ok(error instanceof ParkedError);
    assert.deepEqual([error.reason, error.untilMs], ['allowance', NOW + HOUR]);
    return true;
  });
  assert.deepEqual(governor.parks, [{ reason: 'allowance', untilMs: NOW + HOUR }]);
});

const RESET_S = NOW / SECOND + 86_400;
const SPENT = { 'RateLimit-Monthly-Limit': '10000', 'RateLimit-Monthly-Remaining': '0' };

for (const [what, headers, untilMs] of [
  ['Retry-After in seconds', { 'Retry-After': '7' }, NOW + 7 * SECOND],
  ['Retry-After as a date', { 'Retry-After': 'Mon, 02 Mar 2026 08:00:30 GMT' }, NOW + 30 * SECOND],
  ['no Retry-After', {}, NOW + 2 * SECOND],
  ['an unreadable Retry-After', { 'Retry-After': 'soon' }, NOW + 2 * SECOND],
  [
    'the monthly reset beside calls left',
    { 'Retry-After': '1', 'RateLimit-Reset': String(RESET_S), 'RateLimit-Monthly-Remaining': '44' },
    NOW + SECOND,
  ],
] as const) {
  test(`burst 429 with ${what}`, async () => {
    api().post(PEOPLE).reply(429, refusal(429, 'Throttle limit reached'), headers);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RetryableError);
      assert.deepEqual([error.applied, error.notBeforeMs], ['not_applied', untilMs]);
      return true;
    });
    assert.deepEqual(governor.parks, [{ reason: 'rate', untilMs }]);
    assert.equal(governor.parkedWhileRunning, 1, 'parked before the place was given back');
  });
}

for (const [what, headers, untilMs] of [
  ['reset in seconds', { ...SPENT, 'RateLimit-Reset': String(RESET_S) }, RESET_S * SECOND],
  ['reset in milliseconds', { ...SPENT, 'RateLimit-Reset': String(RESET_S * SECOND) }, RESET_S * SECOND],
  ['reset as ISO', { ...SPENT, 'RateLimit-Reset': '2026-03-03T08:00:00Z' }, RESET_S * SECOND],
  ['the old spelling', { 'RateLimit-Montly-Remaining': '0', 'Retry-After': '86400' }, RESET_S * SECOND],
  ['a long Retry-After alone', { 'Retry-After': '86400' }, RESET_S * SECOND],
  ['no time at all', SPENT, NOW + HOUR],
  ['an absurd reset', { ...SPENT, 'RateLimit-Reset': '32472144000' }, NOW + HOUR],
] as const) {
  test(`monthly 429 with ${what}`, async () => {
    api().post(PEOPLE).reply(429, refusal(429, 'Quota'), headers);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof ParkedError);
      assert.deepEqual([error.reason, error.untilMs], ['quota', untilMs]);
      return true;
    });
    assert.deepEqual(governor.parks, [{ reason: 'quota', untilMs }]);
  });
}

test('every answer reports the quota, refusals too, in both spellings', async () => {
  api()
    .get('/v1/ping')
    .reply(200, '', { 'RateLimit-Monthly-Limit': '10000', 'RateLimit-Monthly-Remaining': '9999' });
  await client.ping(call);
  assert.deepEqual(governor.observed, { limit: 10_000, remaining: 9_999 });
  api()
    .get('/v1/sessions/x')
    .reply(404, '', { 'RateLimit-Montly-Limit': '10000', 'RateLimit-Montly-Remaining': '9998' });
  await client.session('x', call);
  assert.equal(governor.observed.remaining, 9_998);
  api().get('/v1/ping').reply(200, '', { 'RateLimit-Monthly-Remaining': 'many' });
  await client.ping(call);
  assert.equal(governor.observed.remaining, 9_998);
});
