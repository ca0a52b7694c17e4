import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretsOf, vendorSecretsOf } from '../../src/config/config.ts';
import { ENV, MINIMAL, parse, problemsOf } from './fixture.ts';

const withStatus = (lines: string, env: Record<string, string> = {}) =>
  parse(`${MINIMAL}status:\n  ${lines}\n`, { env: { ...ENV, ...env } });

test('the status page is off, or at an address of this machine', () => {
  assert.equal(parse(MINIMAL).status.listen, null);
  const listen = (text: string) => withStatus(`listen: "${text}"`).status.listen;
  assert.deepEqual(listen('127.0.0.1:9464'), { host: '127.0.0.1', port: 9464 });
  assert.deepEqual(listen('[::1]:80'), { host: '::1', port: 80 });
  assert.deepEqual(listen('localhost:65535'), { host: 'localhost', port: 65535 });
  assert.deepEqual(listen('/run/livestorm-pardot/status.sock'), {
    path: '/run/livestorm-pardot/status.sock',
  });
});

const ELSEWHERE = [
  '0.0.0.0:9464',
  '10.0.0.1:80',
  '[::]:80',
  '9464',
  ':9464',
  'status.example.com:80',
  'run/status.sock',
];
const IMPOSSIBLE = [
  '127.0.0.1:0',
  '127.0.0.1:65536',
  '127.0.0.256:80',
  '127.0.0.1',
  'localhost:',
  'http://127.0.0.1:80',
];

test('the configuration refuses a status page that others could reach', () => {
  for (const text of [...ELSEWHERE, ...IMPOSSIBLE]) {
    const [problem] = problemsOf(() => withStatus(`listen: "${text}"`));
    assert.equal(problem?.path, 'status.listen', text);
    assert.match(problem?.fix ?? '', /127\.0\.0\.1:9464/);
  }
});

test('token and addresses to call are secrets, long enough and safe to call', () => {
  const env = {
    T: 'twenty-characters-long',
    H: 'https://hooks.example.com/x?y=1',
    A: 'http://127.0.0.1:9/alert',
  };
  const config = withStatus('token: { env: T }\n  heartbeat_url: { env: H }\n  alert_url: { env: A }', env);
  assert.equal(config.status.heartbeatUrl?.reveal(), env.H);
  for (const secret of Object.values(env)) assert.ok(secretsOf(config).includes(secret));
  assert.deepEqual(vendorSecretsOf(config), [ENV.TOKEN, ENV.KEY.trim()], 'they end no refusal of a vendor');
  const refused = {
    token: 'short',
    heartbeat_url: 'http://hooks.example.com/x',
    alert_url: 'ftp://127.0.0.1/',
  };
  for (const [key, value] of Object.entries(refused)) {
    const [problem] = problemsOf(() => withStatus(`${key}: { env: X }`, { X: value }));
    assert.equal(problem?.path, `status.${key}`);
    assert.ok(!JSON.stringify(problem).includes(value), 'the secret is not repeated');
  }
});
