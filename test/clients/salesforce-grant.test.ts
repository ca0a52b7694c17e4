import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { grantFor } from '../../src/clients/salesforce-grant.ts';

const NOW = Date.parse('2026-03-02T08:00:00.700Z');
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

test('JWT: RS256, the four claims, three minutes to live, and no client id beside it', () => {
  const { params, client } = grantFor(
    {
      kind: 'jwt',
      clientId: 'consumer',
      username: 'api@acme.example',
      privateKey: pair.privateKey,
      audience: 'https://login.salesforce.com',
    },
    NOW,
  );
  assert.equal(params.grant_type, 'urn:ietf:params:oauth:grant-type:jwt-bearer');
  assert.deepEqual(client, {});
  const [header = '', claims = '', signature = ''] = (params.assertion ?? '').split('.');
  const parse = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  assert.deepEqual(parse(header), { alg: 'RS256' });
  assert.deepEqual(parse(claims), {
    iss: 'consumer',
    sub: 'api@acme.example',
    aud: 'https://login.salesforce.com',
    exp: Math.floor(NOW / 1000) + 180,
  });
  const signed = Buffer.from(`${header}.${claims}`);
  assert.ok(verify('RSA-SHA256', signed, pair.publicKey, Buffer.from(signature, 'base64url')));
});

test('client credentials and refresh token', () => {
  assert.deepEqual(grantFor({ kind: 'client_credentials', clientId: 'id', clientSecret: 'secret' }, NOW), {
    params: { grant_type: 'client_credentials' },
    client: { clientId: 'id', clientSecret: 'secret' },
  });
  assert.deepEqual(grantFor({ kind: 'refresh_token', clientId: 'id', refreshToken: 'r' }, NOW), {
    params: { grant_type: 'refresh_token', refresh_token: 'r' },
    client: { clientId: 'id' },
  });
});
