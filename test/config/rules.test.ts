import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENV, parse, places, problemsOf } from './fixture.ts';

const HEAD = `livestorm: { api_token: { env: TOKEN } }
pardot: { business_unit_id: 0Uv000000000000 }
salesforce:
`;
const MY_DOMAIN = 'https://acme.my.salesforce.com';
const withSalesforce = (...lines: string[]): string => HEAD + lines.map((line) => `  ${line}\n`).join('');
const env = { ...ENV, SECRET: 'consumer-secret', REFRESH: 'refresh-token' };

describe('salesforce authentication', () => {
  it('jwt: the audience follows the login address', () => {
    const lines = ['client_id: key', 'username: u@example.com', 'private_key: { env: KEY }'];
    const login = 'login_url: https://test.salesforce.com';
    const { auth } = parse(withSalesforce(...lines, login)).salesforce;
    assert.ok(auth.kind === 'jwt');
    assert.equal(auth.audience, 'https://test.salesforce.com');
    const other = parse(withSalesforce(...lines, login, `audience: ${MY_DOMAIN}`)).salesforce.auth;
    assert.ok(other.kind === 'jwt');
    assert.equal(other.audience, MY_DOMAIN);
  });

  it('client_credentials: needs the secret and the My Domain address', () => {
    const lines = ['auth: client_credentials', 'client_id: key'];
    assert.deepEqual(places(problemsOf(() => parse(withSalesforce(...lines)))), [
      '3:1 salesforce.instance_url',
      '3:1 salesforce.client_secret',
      '3:1 salesforce.login_url',
    ]);
    const hosts = [
      `login_url: ${MY_DOMAIN}`,
      `instance_url: ${MY_DOMAIN}/`,
      'client_secret: { env: SECRET }',
    ];
    const { auth, instanceUrl } = parse(withSalesforce(...lines, ...hosts), { env }).salesforce;
    assert.ok(auth.kind === 'client_credentials');
    assert.equal(auth.clientSecret.reveal(), 'consumer-secret');
    assert.equal(instanceUrl, MY_DOMAIN);
  });

  it('refresh_token: the consumer secret is optional', () => {
    const lines = ['auth: refresh_token', 'client_id: key'];
    assert.deepEqual(places(problemsOf(() => parse(withSalesforce(...lines)))), [
      '3:1 salesforce.refresh_token',
    ]);
    const { auth } = parse(withSalesforce(...lines, 'refresh_token: { env: REFRESH }'), { env }).salesforce;
    assert.ok(auth.kind === 'refresh_token');
    assert.equal(auth.clientSecret, null);
    assert.equal(auth.refreshToken.reveal(), 'refresh-token');
  });

  it('warns of keys that the method does not use, and does not look their secrets up', () => {
    const config = parse(
      withSalesforce(
        'client_id: key',
        'username: u@example.com',
        'private_key: { env: KEY }',
        'client_secret: { env: NOT_SET }',
      ),
    );
    assert.ok(config.warnings.includes('salesforce.client_secret is not used with auth: jwt'));
  });

  it('with an unknown method asks only for what every method needs', () => {
    const problems = problemsOf(() => parse(withSalesforce('auth: password')));
    assert.deepEqual(places(problems), ['3:1 salesforce.client_id', '4:3 salesforce.auth']);
  });

  it('refuses the address of the user interface', () => {
    const url = 'instance_url: https://acme.lightning.force.com';
    const lines = ['client_id: key', 'username: u@example.com', 'private_key: { env: KEY }', url];
    const problems = problemsOf(() => parse(withSalesforce(...lines)));
    assert.deepEqual(places(problems), ['7:3 salesforce.instance_url']);
  });

  it('does not report a key as missing that is written, but wrong', () => {
    const lines = ['client_id: &a key', 'username: u@example.com', 'private_key: *a'];
    const problems = problemsOf(() => parse(withSalesforce(...lines)));
    assert.ok(problems.every(({ message }) => !message.includes('missing')));
  });
});
