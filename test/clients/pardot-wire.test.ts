import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type nock from 'nock';
import { PardotClient } from '../../src/clients/pardot.ts';
import type { TokenSource } from '../../src/clients/token-source.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, ParkedError, RefusedError, RetryableError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, NOW, OBJECTS, pardotOptions } from './pardot-api.ts';

/** Hands out `token-1`, and the next one after each invalidation. */
class Tokens implements TokenSource {
  issued = 1;
  readonly invalidated: string[] = [];

  async token(): Promise<string> {
    return `token-${this.issued}`;
  }

  invalidate(token: string): void {
    this.invalidated.push(token);
    this.issued++;
  }
}

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let governor: OpenGovernor;
let tokens: Tokens;
let client: PardotClient;

beforeEach(() => {
  governor = new OpenGovernor('pardot');
  tokens = new Tokens();
  client = new PardotClient(pardotOptions(governor, tokens));
});

strictNock();

function getAccount(token?: string) {
  return api(token).get(`${OBJECTS}/account`).query({ fields: 'id,company' });
}

function patchProspect(body: nock.DataMatcherMap) {
  return api().patch(`${OBJECTS}/prospects/500`, body).query({ fields: 'id' });
}

for (const [status, body] of [
  [401, { code: 184, message: 'access_token is invalid, unknown, or malformed: Inactive token' }],
  [400, { code: 184, message: 'access_token is invalid' }],
  [401, ''],
] as const) {
  test(`${status} ${JSON.stringify(body)}: one more try with a fresh token`, async () => {
    getAccount('token-1').reply(status, body);
    getAccount('token-2').reply(200, { id: 1, company: 'ACME' });
    assert.equal((await client.account(call)).id, 1);
    assert.deepEqual(tokens.invalidated, ['token-1']);
    assert.equal(governor.runs, 2);
  });
}

test('a fresh token that is refused too needs a person', async () => {
  const body = { code: 184, message: 'access_token is invalid' };
  getAccount('token-1').reply(401, body);
  getAccount('token-2').reply(401, body);
  await assert.rejects(client.account(call), (error) => {
    assert.ok(error instanceof AuthError);
    assert.match(error.hint ?? '', /synced/);
    return true;
  });
  assert.deepEqual(tokens.invalidated, ['token-1', 'token-2']);
});

test('while Account Engagement is left alone no token is asked for', async () => {
  const parked = new Error('parked');
  governor.check = () => {
    throw parked;
  };
  tokens.token = async () => assert.fail('asked');
  await assert.rejects(client.account(call), parked);
});

test('without a fresh token nothing is sent again', async () => {
  tokens.invalidate = () => {};
  getAccount('token-1').reply(401, '');
  await assert.rejects(client.account(call), { name: 'AuthError', status: 401 });
  assert.equal(governor.runs, 1);
});

const XML_201 =
  '<?xml version="1.0" encoding="UTF-8"?>\n<rsp stat="fail" version="1.0"><err code="201">no unit</err></rsp>';

for (const [what, status, body, code] of [
  ['49', 403, { code: 49, message: 'Access Denied' }, 49],
  ['181', 400, { code: 181, message: 'A required header is missing' }, 181],
  ['182', 400, { code: '182', message: 'header' }, 182],
  ['201 in XML', 403, XML_201, 201],
  ['201 in other XML', 400, '<error><code>201</code><message>no unit</message></error>', 201],
  ['201 in XML with 200', 200, XML_201, 201],
  ['203', 403, { code: 203, message: 'no admin' }, 203],
  ['a v3 error', 200, { '@attributes': { stat: 'fail', version: 1, err_code: 15 }, err: 'Login failed' }, 15],
  ['46', 405, { code: 46, message: 'User lacks permission' }, 46],
  ['an empty 403', 403, '', undefined],
] as const) {
  test(`${what} needs a person, with a hint in words`, async () => {
    getAccount().reply(status, body);
    await assert.rejects(client.account(call), (error) => {
      assert.ok(error instanceof AuthError, String(error));
      assert.equal(error.code, code);
      assert.ok(error.hint);
      return true;
    });
    assert.deepEqual(tokens.invalidated, []);
  });
}

test('66: not applied, a pause of one to five seconds', async () => {
  patchProspect({ a: 'b' }).reply(400, { code: 66, message: 'concurrent' });
  await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
    assert.ok(error instanceof RetryableError);
    const waitMs = (error.notBeforeMs ?? 0) - NOW;
    assert.equal(error.applied, 'not_applied');
    assert.ok(waitMs >= SECOND && waitMs <= 5 * SECOND, `${waitMs}`);
    assert.deepEqual(governor.parks, [{ reason: 'rate', untilMs: error.notBeforeMs }]);
    return true;
  });
});

for (const status of [400, 403, 429] as const) {
  test(`122 with HTTP ${status} parks until a probe in an hour`, async () => {
    patchProspect({ a: 'b' }).reply(status, { code: 122, message: 'Daily API rate limit met' });
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
      assert.ok(error instanceof ParkedError);
      assert.deepEqual([error.reason, error.untilMs], ['quota', NOW + HOUR]);
      return true;
    });
    assert.deepEqual(governor.parks, [{ reason: 'quota', untilMs: NOW + HOUR }]);
    assert.equal(governor.parkedWhileRunning, 1, 'parked before the place was given back');
  });
}

for (const [headers, waitMs] of [
  [{}, MINUTE],
  [{ 'Retry-After': '9' }, 9 * SECOND],
] as const) {
  test(`a bare 429 with ${JSON.stringify(headers)}`, async () => {
    patchProspect({ a: 'b' }).reply(429, '', headers);
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), {
      name: 'RetryableError',
      applied: 'not_applied',
      notBeforeMs: NOW + waitMs,
    });
  });
}

for (const [status, body] of [
  [400, { code: 62, message: 'conflicting update' }],
  [400, { code: 183, message: 'internal' }],
  [400, { code: 202, message: 'timeout' }],
  [400, { code: 214, message: 'timeout' }],
  [504, '<html><body>Gateway Time-out</body></html>'],
  [500, ''],
  [503, { message: 'maintenance' }],
  [403, '<html>Blocked</html>'],
  [200, '<html>Login</html>'],
  [200, ''],
  [302, ''],
  [404, 'default backend - 404'],
  [400, 'Bad Request'],
] as const) {
  test(`a write answered ${status} ${JSON.stringify(body)}: unknown`, async () => {
    patchProspect({ a: 'b' }).reply(status, body);
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
      assert.ok(error instanceof RetryableError, String(error));
      assert.deepEqual([error.applied, error.status], ['unknown', status]);
      return true;
    });
    assert.deepEqual(governor.parks, []);
  });
}

for (const [status, body, code] of [
  [400, { code: 219, message: "Deleted records can't be updated. Please undelete before updating." }, 219],
  [404, { code: 109, message: 'The requested record was not found.' }, 109],
  [400, { code: 58, message: 'already a member' }, 58],
  [400, { code: 57, message: 'Invalid date' }, 57],
  [405, { code: 60, message: 'method' }, 60],
  [400, { '@attributes': { stat: 'fail', err_code: 4 }, err: 'Invalid prospect email address' }, 4],
  [404, '', undefined],
  [404, { message: 'not found' }, undefined],
  [404, '<rsp stat="fail"/>', undefined],
] as const) {
  test(`a write answered ${status} ${JSON.stringify(body)}: refused`, async () => {
    patchProspect({ a: 'b' }).reply(status, body);
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
      assert.ok(error instanceof RefusedError, String(error));
      assert.deepEqual([error.code, error.status], [code, status]);
      return true;
    });
  });
}

test('addresses are taken out of what the vendor says', async () => {
  patchProspect({ a: 'b' }).reply(400, { code: 9, message: 'ada@example.org exists' });
  await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.match(error.message, /code 9: \[address\] exists/);
    return true;
  });
});
