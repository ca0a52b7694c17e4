import assert from 'node:assert/strict';
import { test } from 'node:test';
import nock from 'nock';
import type { SalesforceAuth } from '../../src/clients/salesforce-grant.ts';
import { createTokenSource, type TokenSourceOptions } from '../../src/clients/salesforce-token.ts';
import { MINUTE, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, ParkedError, RetryableError } from '../../src/errors.ts';
import { createGovernor } from '../../src/governor/vendor-governor.ts';
import { newKeyPair } from '../../src/sandbox/salesforce/credentials.ts';
import { MemoryState } from '../support/memory-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { strictJsforce } from './jsforce-nock.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const LOGIN = 'https://login.salesforce.com';
const keys = newKeyPair();
const CREDENTIALS: SalesforceAuth = { kind: 'client_credentials', clientId: 'id', clientSecret: 's3cret' };
const JWT: SalesforceAuth = {
  kind: 'jwt',
  clientId: 'consumer',
  username: 'api@acme.example',
  privateKey: keys.privateKeyPem,
  audience: LOGIN,
};

strictJsforce();

function setUp(options: Partial<TokenSourceOptions> = {}) {
  const clock = new VirtualClock(START, { autoAdvance: false });
  const state = new MemoryState();
  const governor = () => createGovernor({ vendor: 'salesforce', clock, state, limits: { concurrency: 2 } });
  const source = (changes: Partial<TokenSourceOptions> = {}) =>
    createTokenSource({
      auth: CREDENTIALS,
      loginUrl: LOGIN,
      apiVersion: '66.0',
      clock,
      governor: governor(),
      timeoutMs: 2_000,
      ...options,
      ...changes,
    });
  return { clock, state, source, tokens: source() };
}

const call = (signal: AbortSignal = new AbortController().signal): Call => ({ work: 'attendance', signal });

function grants(token: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    access_token: token,
    instance_url: 'https://acme.my.salesforce.com',
    id: `${LOGIN}/id/00D000000000001AAA/005000000000001AAA`,
    token_type: 'Bearer',
    ...more,
  };
}

const endpoint = (body?: nock.RequestBodyMatcher) => nock(LOGIN).post('/services/oauth2/token', body);
const refuse = (error: string, description: string) =>
  endpoint().reply(400, { error, error_description: description });

test('JWT on the wire: grant type and assertion, nothing else', async () => {
  let form = new URLSearchParams();
  endpoint((body) => {
    form = new URLSearchParams(body);
    return true;
  }).reply(200, grants('00D1!A'));
  const { tokens } = setUp({ auth: JWT });
  assert.equal(await tokens.token(call()), '00D1!A');
  assert.deepEqual([...form.keys()], ['grant_type', 'assertion']);
  assert.equal(form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
});

test('client credentials on the wire', async () => {
  const body = { grant_type: 'client_credentials', client_id: 'id', client_secret: 's3cret' };
  endpoint(body).reply(200, grants('00D1!A'));
  const { tokens } = setUp();
  assert.deepEqual(await tokens.login(call()), {
    accessToken: '00D1!A',
    instanceUrl: 'https://acme.my.salesforce.com',
  });
});

test('a rotated refresh token is told before the access token is used, and sent the next time', async () => {
  const told: string[] = [];
  const { tokens } = setUp({
    auth: { kind: 'refresh_token', clientId: 'id', refreshToken: 'first' },
    onRefreshToken: (refreshToken) => told.push(refreshToken),
  });
  const body = { grant_type: 'refresh_token', client_id: 'id' };
  endpoint({ ...body, refresh_token: 'first' }).reply(200, grants('00D1!A', { refresh_token: 'second' }));
  tokens.invalidate(await tokens.token(call()));
  assert.deepEqual(told, ['second']);
  endpoint({ ...body, refresh_token: 'second' }).reply(200, grants('00D1!B'));
  assert.equal(await tokens.token(call()), '00D1!B');
});

test('a rotated refresh token is kept although the instance is refused: the one before is worth nothing', async () => {
  const told: string[] = [];
  const { tokens } = setUp({
    auth: { kind: 'refresh_token', clientId: 'id', refreshToken: 'first' },
    instanceUrl: 'https://mistyped.my.salesforce.com',
    onRefreshToken: (refreshToken) => told.push(refreshToken),
  });
  endpoint().reply(200, grants('00D1!A', { refresh_token: 'second' }));
  await assert.rejects(tokens.token(call()), AuthError);
  assert.deepEqual(told, ['second']);
});

test('callers at the same time share one request; later ones use the kept token', async () => {
  endpoint().once().reply(200, grants('00D1!A'));
  const { tokens, state } = setUp();
  const all = await Promise.all(Array.from({ length: 5 }, () => tokens.token(call())));
  assert.deepEqual(new Set([...all, await tokens.token(call())]), new Set(['00D1!A']));
  assert.equal(state.load('salesforce')?.calls.registrations, 0, 'token requests are not metered');
});

test('a caller that gives up does not take the token from the others', async () => {
  endpoint().reply(200, grants('00D1!A'));
  const { tokens } = setUp();
  const controller = new AbortController();
  const impatient = tokens.token(call(controller.signal));
  const patient = tokens.token(call());
  controller.abort(new Error('stopping'));
  await assert.rejects(impatient, /stopping/);
  assert.equal(await patient, '00D1!A');
});

test('only the current token can be invalidated', async () => {
  endpoint().reply(200, grants('00D1!A'));
  const { tokens } = setUp();
  await tokens.token(call());
  tokens.invalidate('00D1!older');
  assert.equal(await tokens.token(call()), '00D1!A');
});

test('a dead credential: three requests in ten minutes, parked in between', async () => {
  let requests = 0;
  endpoint()
    .times(3)
    .reply(() => {
      requests++;
      return [400, { error: 'invalid_grant', error_description: "user hasn't approved this consumer" }];
    });
  const { clock, tokens } = setUp();
  await assert.rejects(tokens.token(call()), (error: unknown) => {
    assert.ok(error instanceof AuthError);
    assert.equal(error.code, 'invalid_grant');
    assert.match(error.hint ?? '', /pre-authorize/);
    return true;
  });
  await assert.rejects(tokens.token(call()), (error: unknown) => {
    assert.ok(error instanceof ParkedError);
    assert.equal(error.reason, 'auth');
    assert.equal(error.untilMs, START + 200 * SECOND);
    assert.match(error.hint ?? '', /pre-authorize/);
    return true;
  });
  for (let second = 0; second < 599; second += 10) {
    await assert.rejects(tokens.token(call()));
    await clock.advance(10 * SECOND);
  }
  assert.equal(requests, 3);
});

test('a restart does not ask again before the time', async () => {
  refuse('invalid_client', 'invalid client credentials');
  const { clock, tokens, source } = setUp();
  await assert.rejects(tokens.token(call()), AuthError);
  await assert.rejects(source().token(call()), ParkedError);
  await clock.advance(200 * SECOND);
  endpoint().reply(200, grants('00D1!A'));
  assert.equal(await source().token(call()), '00D1!A');
});

test('a crash loop with tokens that are refused as soon as they come: three requests in any ten minutes', async () => {
  const asked: number[] = [];
  const { clock, source } = setUp();
  endpoint()
    .times(7)
    .reply(() => {
      asked.push(clock.monotonic());
      return [200, grants(`00D1!${asked.length}`)];
    });
  let kept: readonly number[] = [];
  const inVain = {
    load: () => kept,
    save: (atMs: readonly number[]) => {
      kept = JSON.parse(JSON.stringify(atMs));
    },
  };
  while (asked.length < 7) {
    // Each process lives for one call, which the vendor refuses, and its repetition.
    const tokens = source({ inVain });
    for (let time = 0; time < 2 && asked.length < 7; time++) {
      const token = await tokens.token(call()).catch((error) => assert.ok(error instanceof ParkedError));
      if (token) tokens.invalidate(token);
    }
    await clock.advance(5 * SECOND);
  }
  const close = asked.findIndex((at, i) => (asked[i + 3] ?? Number.POSITIVE_INFINITY) - at < 10 * MINUTE);
  assert.equal(close, -1, `four requests within ten minutes: ${asked.map((at) => at / MINUTE)}`);
  assert.ok((asked[6] ?? 0) < 25 * MINUTE, 'and it goes on trying');
});

test('restarts with a token that works, or worked for long, wait for nothing', async () => {
  let kept: readonly number[] = [];
  const inVain = {
    load: () => kept,
    save: (atMs: readonly number[]) => {
      kept = atMs;
    },
  };
  const { clock, source } = setUp();
  endpoint().times(10).reply(200, grants('00D1!A'));
  for (let restart = 0; restart < 8; restart++) await source({ inVain }).token(call());
  const tokens = source({ inVain });
  const token = await tokens.token(call());
  await clock.advance(120 * MINUTE);
  tokens.invalidate(token);
  assert.equal(await tokens.token(call()), '00D1!A');
  assert.deepEqual(kept, []);
});

test('tokens that are refused as soon as they come: one replacement at once, the next after a minute', async () => {
  endpoint().times(3).reply(200, grants('00D1!same'));
  const { clock, tokens } = setUp();
  tokens.invalidate(await tokens.token(call()));
  tokens.invalidate(await tokens.token(call()));
  const parked = (untilMs: number) => (error: unknown) =>
    error instanceof ParkedError && error.reason === 'auth' && error.untilMs === untilMs;
  await assert.rejects(tokens.token(call()), parked(START + MINUTE));
  await clock.advance(MINUTE);
  tokens.invalidate(await tokens.token(call()));
  await assert.rejects(tokens.token(call()), parked(START + 10 * MINUTE));
});

test('passing failures are retried with a back-off and do not count as refusals', async () => {
  const { clock, tokens } = setUp();
  refuse('invalid_grant', 'token request is already being processed');
  await assert.rejects(tokens.token(call()), RetryableError);
  await assert.rejects(tokens.token(call()), (error: unknown) => {
    assert.ok(error instanceof RetryableError);
    assert.equal(error.notBeforeMs, START + 5 * SECOND);
    return true;
  });
  for (const waitMs of [5, 10, 20, 40].map((seconds) => seconds * SECOND)) {
    await clock.advance(waitMs);
    endpoint().reply(503, '<html>maintenance</html>', { 'content-type': 'text/html' });
    await assert.rejects(tokens.token(call()), (error: unknown) => {
      assert.ok(error instanceof RetryableError);
      assert.doesNotMatch(error.message, /maintenance/);
      return true;
    });
  }
  await clock.advance(MINUTE);
  endpoint().reply(200, grants('00D1!A'));
  assert.equal(await tokens.token(call()), '00D1!A');
});

for (const [name, answer] of [
  ['a page', '<html>sign in to the guest network</html>'],
  ['no id', { access_token: '00D1!A' }],
  ['no token', { id: `${LOGIN}/id/00D/005`, instance_url: LOGIN }],
] as const) {
  test(`a success that holds ${name} is no token`, async () => {
    endpoint().reply(200, answer);
    await assert.rejects(setUp().tokens.token(call()), RetryableError);
  });
}

test('a token for a foreign instance is refused and never handed out', async () => {
  endpoint().reply(200, grants('00D1!A', { instance_url: 'https://evil.example' }));
  await assert.rejects(setUp().tokens.token(call()), (error: unknown) => {
    assert.ok(error instanceof AuthError);
    assert.doesNotMatch(JSON.stringify(error) + error.message, /00D1/);
    return true;
  });
  endpoint().reply(200, grants('00D1!A'));
  const configured = setUp({ instanceUrl: 'https://other.my.salesforce.com' });
  await assert.rejects(configured.tokens.token(call()), AuthError);
});

test('a login URL that redirects is a matter for the admin', async () => {
  endpoint().reply(302, undefined, { location: 'https://acme.my.salesforce.com/services/oauth2/token' });
  await assert.rejects(setUp().tokens.token(call()), AuthError);
});

test('a private key that cannot sign is told without a piece of it, and asks nobody', async () => {
  const auth = { ...JWT, privateKey: '-----BEGIN PRIVATE KEY-----\nbm9wZQ==\n-----END PRIVATE KEY-----' };
  await assert.rejects(setUp({ auth }).tokens.token(call()), (error: unknown) => {
    assert.ok(error instanceof AuthError);
    assert.equal(error.cause, undefined);
    assert.match(error.hint ?? '', /PEM/);
    return true;
  });
});

test('a broken connection is retried', async () => {
  const loginUrl = 'https://nobody-answers.example';
  await assert.rejects(setUp({ loginUrl }).tokens.token(call()), (error: unknown) => {
    assert.ok(error instanceof RetryableError);
    assert.deepEqual([error.code, error.applied], ['ENETUNREACH', 'not_applied']);
    return true;
  });
});
