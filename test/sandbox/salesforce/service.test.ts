import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, json, Org } from './org.ts';

const HOUR = 3_600_000;

test('the version list needs no token and carries no limit header', () => {
  const reply = new Org().send('GET', '/services/data/');
  assert.equal(reply.status, 200);
  assert.equal(reply.headers['sforce-limit-info'], undefined);
  const versions = (JSON.parse(reply.body) as { version: string }[]).map((entry) => entry.version);
  assert.ok(versions.includes('66.0'));
  assert.ok(!versions.includes('30.0'));
});

test('retired versions and unknown paths are refused', () => {
  const org = new Org();
  const token = org.token();
  assert.equal(
    errorOf(org.rest('GET', '/services/data/v29.0/limits', token)).errorCode,
    'UNSUPPORTED_API_VERSION',
  );
  for (const path of ['/services/data/v99.0/limits', '/services/data/v66.0/nothing', '/elsewhere']) {
    assert.equal(errorOf(org.rest('GET', path, token)).errorCode, 'NOT_FOUND');
  }
});

test('unknown, expired and revoked tokens answer 401 with an array', () => {
  const org = new Org();
  const token = org.token();
  const status = (): number => org.rest('GET', '/limits', token).status;
  assert.equal(errorOf(org.rest('GET', '/limits', 'unknown')).errorCode, 'INVALID_SESSION_ID');
  org.nowMs += 1.9 * HOUR;
  assert.equal(status(), 200);
  org.nowMs += 1.9 * HOUR;
  assert.equal(status(), 200, 'use prolongs the session');
  org.nowMs += 2 * HOUR;
  assert.equal(status(), 401);
  assert.equal(org.salesforce.world.isTokenValid(token), false);
  const next = org.token();
  org.salesforce.world.revokeSessions();
  assert.equal(org.rest('GET', '/limits', next).status, 401);
});

test('asking whether a token is valid does not prolong its session', () => {
  const org = new Org();
  const token = org.token();
  org.nowMs += 1.5 * HOUR;
  assert.equal(org.salesforce.world.isTokenValid(token), true);
  org.nowMs += 1 * HOUR;
  assert.equal(org.salesforce.world.isTokenValid(token), false);
});

test('persistently unauthorized: fresh tokens are given and refused', () => {
  const org = new Org({ persistentlyUnauthorized: true });
  assert.equal(org.rest('GET', '/limits', org.token()).status, 401);
});

test('calls are counted over 24 hours, shown on every answer and capped', () => {
  const org = new Org({ dailyLimit: 2, sessionMinutes: 10_000 });
  const token = org.token();
  const first = org.rest('GET', '/limits', token);
  assert.equal(first.headers['sforce-limit-info'], 'api-usage=1/2');
  assert.deepEqual(json(first), { DailyApiRequests: { Max: 2, Remaining: 1 } });
  org.nowMs += HOUR;
  org.rest('GET', '/limits', token);
  const refused = org.rest('GET', '/limits', token);
  assert.deepEqual(errorOf(refused), {
    status: 403,
    errorCode: 'REQUEST_LIMIT_EXCEEDED',
    message: 'TotalRequests Limit exceeded.',
  });
  assert.equal(refused.headers['sforce-limit-info'], 'api-usage=2/2');
  org.nowMs += 23 * HOUR;
  assert.equal(org.rest('GET', '/limits', token).status, 200, 'the first call is a day old');
  assert.equal(org.rest('GET', '/limits', token).status, 403, 'the second is not');
});
