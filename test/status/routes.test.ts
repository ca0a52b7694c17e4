import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { HOUR } from '../../src/clock.ts';
import { temporaryFolder } from '../support/builders.ts';
import { busy, serve, stage, TOKEN } from './stage.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request, with whatever headers; a browser's own client would not send some of them. */
function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; socketPath?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ...rest }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    asked.on('error', reject).end(body);
  });
}

const form = (url: string, extra: Record<string, string> = {}) => ({
  'content-type': 'application/x-www-form-urlencoded',
  origin: url,
  ...extra,
});

async function served(t: TestContext, options: Parameters<typeof serve>[2] = {}) {
  const on = stage(t);
  busy(on);
  return { ...on, ...(await serve(t, on, options)) };
}

async function loggedIn(url: string): Promise<string> {
  const answer = await ask(`${url}/login`, { method: 'POST', headers: form(url), body: `token=${TOKEN}` });
  assert.equal(answer.status, 303);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

const search = (url: string, headers: Record<string, string>) =>
  ask(`${url}/person`, { method: 'POST', headers, body: 'email=person1%40example.com' });

test('without the token there are numbers alone: no page, metric or check names a person', async (t) => {
  const { url } = await served(t);
  for (const path of ['/', '/live', '/metrics', '/readyz', '/healthz', '/person', '/nothing']) {
    const { body } = await ask(url + path);
    assert.doesNotMatch(body, /person\d|slow@|example\.com/, path);
  }
  const { body } = await ask(url);
  assert.match(body, /1 person is held back/);
  assert.match(body, /&#60;for&#62; new &#34;customers&#34;/, 'what comes from outside is escaped');
});

test('the search needs the token: by login, which sets a strict cookie without it, or by header', async (t) => {
  const { url, clock } = await served(t);
  assert.equal((await search(url, form(url))).status, 401);
  const answer = await ask(`${url}/login`, { method: 'POST', headers: form(url), body: `token=${TOKEN}` });
  const cookie = String(answer.headers['set-cookie']);
  assert.match(cookie, /; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/);
  assert.ok(!cookie.includes(TOKEN));
  const session = cookie.split(';')[0] ?? '';
  const found = await search(url, form(url, { cookie: session }));
  assert.equal(found.status, 200);
  assert.match(found.body, /not registered: refused by the vendor/);
  const byHeader = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal((await search(url, byHeader)).status, 200);
  assert.equal((await search(url, { ...byHeader, authorization: 'Bearer wrong' })).status, 403);
  for (const forged of [session.slice(0, -1), session.replace(/=\d+/, '=9999999999999'), `${session}0`]) {
    assert.equal((await search(url, form(url, { cookie: forged }))).status, 401, forged);
  }
  await clock.advance(12 * HOUR);
  assert.equal((await search(url, form(url, { cookie: session }))).status, 401, 'it ends');
});

test('without a token in the configuration nobody gets in', async (t) => {
  const { url } = await served(t, { token: null });
  const answer = await ask(`${url}/login`, { method: 'POST', headers: form(url), body: 'token=' });
  assert.equal(answer.status, 403);
  assert.equal((await search(url, { authorization: 'Bearer ', ...form(url) })).status, 401);
  assert.match((await ask(url)).body, /livestorm-pardot why ADDRESS/);
});

test('after ten wrong tokens in a minute none is heard', async (t) => {
  const { url, clock } = await served(t);
  const login = (token: string) =>
    ask(`${url}/login`, { method: 'POST', headers: form(url), body: `token=${token}` });
  for (let time = 0; time < 10; time++) assert.equal((await login(`wrong${time}`)).status, 403);
  assert.equal((await login(TOKEN)).status, 429);
  await clock.advance(61_000);
  assert.equal((await login(TOKEN)).status, 303);
});

test('a name that is not of this machine is not answered, whoever it points to', async (t) => {
  const { url } = await served(t);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '10.0.0.1']) {
    assert.equal((await ask(url, { headers: { host } })).status, 403, host);
  }
  for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:9464']) {
    assert.equal((await ask(url, { headers: { host } })).status, 200, host);
  }
});

test('a form of another page is refused, also with the cookie', async (t) => {
  const { url } = await served(t);
  const cookie = await loggedIn(url);
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: url, 'sec-fetch-site': 'cross-site' },
    { origin: '' },
  ];
  for (const headers of foreign)
    assert.equal((await search(url, form(url, { cookie, ...headers }))).status, 403);
});

test('it is asked by GET, HEAD and POST, for what there is, and nothing it does changes the state', async (t) => {
  const { url, store } = await served(t);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    assert.equal((await ask(url, { method })).status, 405, method);
  }
  assert.equal(
    (await ask(`${url}/metrics`, { method: 'POST', headers: form(url) })).headers.allow,
    'GET, HEAD',
  );
  for (const path of ['/favicon.ico', '/../etc/passwd', '/constructor', '/__proto__', '/healthz/']) {
    assert.equal((await ask(url + path)).status, 404, path);
  }
  const head = await ask(url, { method: 'HEAD' });
  assert.equal(head.body, '');
  assert.ok(Number(head.headers['content-length']) > 5000);
  const before = JSON.stringify([store.effects.counts(), store.decisions.latest(9), store.pauses.all()]);
  const cookie = await loggedIn(url);
  await search(url, form(url, { cookie }));
  await ask(`${url}/logout`, { method: 'POST', headers: form(url, { cookie }) });
  assert.equal(
    JSON.stringify([store.effects.counts(), store.decisions.latest(9), store.pauses.all()]),
    before,
  );
});

test('every answer is uncached, unframed, and may load nothing but its own style', async (t) => {
  const { url } = await served(t);
  for (const path of ['/', '/metrics', '/nothing']) {
    const { headers } = await ask(url + path);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-security-policy']), /^default-src 'none';.*frame-ancestors 'none'/);
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|script-src/);
  }
});

test('what is too large, too slow in its head, or not HTTP ends without harm', async (t) => {
  const { url, address } = await served(t);
  const large = await ask(`${url}/person`, {
    method: 'POST',
    headers: form(url),
    body: 'x'.repeat(5000),
  }).catch(() => ({ status: 413 }));
  assert.equal(large.status, 413);
  const headers = { 'x-large': 'x'.repeat(9000) };
  assert.equal((await ask(url, { headers })).status, 431);
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  const told = await new Promise<string>((resolve) => {
    socket.setEncoding('utf8').once('data', resolve).write('\u0000nonsense\r\n\r\n');
  });
  assert.match(told, /^HTTP\/1\.1 400 /);
  assert.equal((await ask(`${url}/healthz`)).status, 200);
});

test('an error is told without its reason, which is in the log', async (t) => {
  const { url, store, lines } = await served(t);
  store[Symbol.dispose]();
  const { status, body } = await ask(url);
  assert.equal(status, 500);
  assert.doesNotMatch(body, /at |Error|database|\.ts/);
  assert.equal(lines.filter(({ level }) => level === 'error').length, 1);
  assert.equal((await ask(`${url}/readyz`)).status, 503, 'a state that cannot be read is not ready');
  assert.equal((await ask(`${url}/healthz`)).status, 200);
});

test('a unix socket works as well, and one that was left behind is no hindrance', async (t) => {
  const path = join(temporaryFolder(t), 'status.sock');
  await served(t, { listen: { path } });
  assert.equal((await ask('http://localhost/healthz', { socketPath: path })).status, 200);
  await served(t, { listen: { path } });
  assert.equal((await ask('http://localhost/healthz', { socketPath: path })).status, 200);
  const file = join(temporaryFolder(t), 'precious');
  writeFileSync(file, 'not a socket');
  await assert.rejects(served(t, { listen: { path: file } }), { code: 'EADDRINUSE' });
  assert.ok(existsSync(file));
});
