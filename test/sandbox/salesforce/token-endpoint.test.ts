import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { JWT_BEARER } from './assertion.ts';
import { json, LOGIN_URL, Org } from './org.ts';

const SECONDS_FROM = (org: Org, seconds: number): number => Math.floor(org.nowMs / 1000) + seconds;

test('a signed assertion opens a session, and the answer names the org but no lifetime', () => {
  const org = new Org();
  const reply = org.jwtGrant();
  const answer = json(reply);
  assert.equal(reply.status, 200);
  assert.deepEqual(Object.keys(answer).sort(), ['access_token', 'id', 'instance_url', 'scope', 'token_type']);
  assert.equal(answer.instance_url, LOGIN_URL);
  assert.match(String(answer.id), /\/id\/00D\w{15}\/005\w{15}$/);
  assert.match(String(answer.scope), /\bpardot_api\b/);
  assert.equal(org.salesforce.world.isTokenValid(String(answer.access_token)), true);
  assert.equal(org.rest('GET', '/limits', String(answer.access_token)).status, 200);
});

const REFUSED_CLAIMS = [
  ['unknown consumer', { iss: 'someone' }, 'invalid_client_id', 'client identifier invalid'],
  ['unknown user', { sub: 'x@y.example' }, 'invalid_grant', "user hasn't approved this consumer"],
  ['wrong audience', { aud: 'https://example.com' }, 'invalid_grant', 'audience is invalid'],
  ['expired', { exp: 1_000_000 }, 'invalid_grant', 'invalid assertion'],
  ['no expiry', { exp: undefined }, 'invalid_grant', 'invalid assertion'],
] as const;

for (const [name, claims, error, description] of REFUSED_CLAIMS) {
  test(`assertion refused: ${name}`, () => {
    const reply = new Org().jwtGrant(claims);
    assert.equal(reply.status, 400);
    assert.deepEqual(json(reply), { error, error_description: description });
  });
}

test('an assertion signed with another key, unsigned, or garbled is refused', () => {
  const org = new Org();
  const grant_type = JWT_BEARER;
  const [header, payload] = org.assertion().split('.');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = sign('RSA-SHA256', Buffer.from(`${header}.${payload}`), privateKey).toString('base64url');
  for (const assertion of [`${header}.${payload}.${foreign}`, `${header}.${payload}.`, 'x.y.z', '']) {
    const reply = org.post({ grant_type, assertion });
    assert.deepEqual(json(reply), { error: 'invalid_grant', error_description: 'invalid assertion' });
  }
  assert.equal(json(org.jwtGrant({}, { alg: 'none' })).error, 'invalid_grant');
});

test('the login host of production orgs is an audience too', () => {
  assert.equal(new Org().jwtGrant({ aud: 'https://login.salesforce.com' }).status, 200);
});

test('a far expiry passes unless the switch refuses it', () => {
  const org = new Org();
  assert.equal(org.jwtGrant({ exp: SECONDS_FROM(org, 86_400) }).status, 200);
  org.salesforce.switches.refuseFarExpiry = true;
  assert.equal(org.jwtGrant({ exp: SECONDS_FROM(org, 86_400) }).status, 400);
  assert.equal(org.jwtGrant({ exp: SECONDS_FROM(org, 180) }).status, 200);
});

test('a scope beside an assertion is refused', () => {
  const org = new Org();
  const grant_type = JWT_BEARER;
  const reply = org.post({ grant_type, assertion: org.assertion(), scope: 'api' });
  assert.equal(json(reply).error_description, 'scope parameter not supported');
});

test('client credentials work from the body and from a Basic header', () => {
  const org = new Org();
  const { clientId, clientSecret } = org.salesforce.credentials;
  const grant_type = 'client_credentials';
  const fromBody = org.post({ grant_type, client_id: clientId, client_secret: clientSecret });
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const fromHeader = org.post({ grant_type }, { authorization: `Basic ${basic}` });
  for (const reply of [fromBody, fromHeader]) {
    assert.equal(reply.status, 200);
    assert.equal(json(reply).issued_at, String(org.nowMs));
    assert.equal(json(reply).refresh_token, undefined);
  }
});

test('client credentials are refused with a wrong secret, on the wrong domain and without a user', () => {
  const org = new Org();
  const { clientId, clientSecret } = org.salesforce.credentials;
  const grant = (secret: string): string =>
    String(
      json(org.post({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }))
        .error_description,
    );
  assert.equal(grant('wrong'), 'invalid client credentials');
  org.salesforce.switches.clientCredentials = 'wrong_domain';
  assert.equal(grant(clientSecret), 'request not supported on this domain');
  org.salesforce.switches.clientCredentials = 'no_user';
  assert.equal(grant(clientSecret), 'no client credentials user enabled');
});

test('a refresh token opens sessions; with rotation each one works once', () => {
  const org = new Org({ rotateRefreshTokens: true });
  const { clientId, clientSecret, refreshToken } = org.salesforce.credentials;
  const refresh = (token: string) =>
    org.post({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: token,
    });
  const rotated = String(json(refresh(refreshToken)).refresh_token);
  assert.notEqual(rotated, refreshToken);
  assert.equal(json(refresh(refreshToken)).error_description, 'expired access/refresh token');
  assert.equal(refresh(rotated).status, 200);
});

test('other grants and methods are refused', () => {
  const org = new Org();
  assert.deepEqual(json(org.post({ grant_type: 'password', username: 'a', password: 'b' })), {
    error: 'unsupported_grant_type',
    error_description: 'grant type not supported',
  });
  assert.equal(org.send('GET', '/services/oauth2/token').status, 400);
});

test('every token request counts, refused ones too', () => {
  const org = new Org();
  org.jwtGrant();
  org.jwtGrant({ sub: 'x' });
  assert.equal(org.salesforce.world.tokenRequests, 2);
});

test('with the switch a living session answers the same token again, an ended one does not', () => {
  const org = new Org({ sameTokenAgain: true });
  const first = org.token();
  assert.equal(org.token(), first);
  org.salesforce.world.revokeSessions();
  assert.notEqual(org.token(), first);
  assert.notEqual(new Org().token(), undefined);
  org.salesforce.switches.sameTokenAgain = false;
  assert.notEqual(org.token(), org.token());
});
