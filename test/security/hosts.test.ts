import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import { join } from 'node:path';
import { test } from 'node:test';
import { Agent, request } from 'undici';
import { FOREIGN_ORIGIN, onlyTo } from '../../src/clients/allowed-origins.ts';
import { sendHttp } from '../../src/clients/http.ts';
import { MINUTE } from '../../src/clock.ts';
import { isVendorOf } from '../../src/composition.ts';
import { RetryableError } from '../../src/errors.ts';
import type { Reply } from '../../src/sandbox/kernel/exchange.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { MINIMAL, parse } from '../config/fixture.ts';
import { temporaryFolder } from '../support/builders.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { World } from '../support/world.ts';
import { runSource } from './source-program.ts';
import { tamperWith } from './tampering.ts';
import { Trap } from './trap.ts';

/** Every origin that undici, whichever copy of it, is asked for while it listens. */
class Origins implements Disposable {
  readonly seen = new Map<string, number>();
  readonly #note = (message: unknown): void => {
    const { origin } = (message as { request: { origin: unknown } }).request;
    this.seen.set(String(origin), (this.seen.get(String(origin)) ?? 0) + 1);
  };

  constructor() {
    diagnostics.subscribe('undici:request:create', this.#note);
  }

  [Symbol.dispose](): void {
    diagnostics.unsubscribe('undici:request:create', this.#note);
  }
}

/** The same answer with every link in it, and a few that do not belong there, leading elsewhere. */
function withForeignLinks(reply: Reply, elsewhere: string): Reply {
  const headers = {
    ...reply.headers,
    location: elsewhere,
    link: `<${elsewhere}>; rel="next"`,
    refresh: `0; url=${elsewhere}`,
  };
  const json = /^\s*\{/.test(reply.body) ? (JSON.parse(reply.body) as Record<string, unknown>) : undefined;
  if (!json) return { ...reply, headers };
  const links = { self: elsewhere, next: elsewhere, last: elsewhere };
  const more = { links, nextPageUrl: elsewhere, nextRecordsUrl: elsewhere, next: elsewhere };
  return { ...reply, headers, body: JSON.stringify({ ...json, ...more }) };
}

test('links, pages, redirects and an instance that lead elsewhere are not followed: no request leaves for another host', async (t) => {
  await using trap = await new Trap().listen();
  using origins = new Origins();
  await using world = await World.start();
  const { sandbox } = world;
  let act: 'links' | 'redirects' | 'instance' = 'links';
  tamperWith(sandbox, (_vendor, exchange, answer) => {
    if (act === 'redirects') {
      const status = [301, 302, 303, 307, 308][exchange.path.length % 5] ?? 302;
      return { status, headers: { location: `${trap.url}${exchange.path}` }, body: '' };
    }
    const reply = answer();
    if (act === 'instance' && exchange.path.endsWith('/oauth2/token')) {
      return { ...reply, body: reply.body.replace(/"instance_url":"[^"]*"/, `"instance_url":"${trap.url}"`) };
    }
    return withForeignLinks(reply, `${trap.url}/next`);
  });
  const { sessionId, formId } = await world.linkedWebinar();
  sandbox.pardot.world.submitForm(formId, { email: 'ada@example.org' });
  await world.until('registered', () => world.outcomeOf(sessionId, 'ada@example.org') === 'registered');
  act = 'redirects';
  sandbox.pardot.world.submitForm(formId, { email: 'bob@example.org' });
  await world.minutes(5);
  assert.ok(world.failures.some((error) => error instanceof RetryableError && Number(error.status) < 400));
  act = 'instance';
  sandbox.salesforce.world.revokeSessions();
  const before = world.failures.length;
  await world.minutes(10);
  assert.ok(
    world.failures.slice(before).some((error) => String(error).includes('an instance that is not allowed')),
    'the foreign instance was offered and refused',
  );
  act = 'links';
  await world.until('registered, too', () => world.outcomeOf(sessionId, 'bob@example.org') === 'registered');

  const vendors = Object.values(sandbox.urls).map((url) => new URL(url).origin);
  assert.deepEqual(
    [...origins.seen.keys()].filter((origin) => !vendors.includes(origin)),
    [],
  );
  assert.equal(trap.visits, 0);
  const total = [...origins.seen.values()].reduce((sum, count) => sum + count, 0);
  t.diagnostic(`${total} requests, to ${origins.seen.size} configured hosts`);
  assert.ok(total > 40 && origins.seen.size === 3);

  await request(trap.url).catch(() => undefined);
  assert.equal(trap.visits, 1, 'the trap sees who comes');
  assert.ok(origins.seen.has(trap.url), 'and so does the list of origins');
});

test('proxies named by the environment are not used', async (t) => {
  await using trap = await new Trap().listen();
  await using sandbox = await Sandbox.start();
  const dir = temporaryFolder(t);
  await sandbox.writeConfig(dir);
  const names = [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'http_proxy',
    'https_proxy',
    'all_proxy',
    'npm_config_proxy',
  ];
  const env = Object.fromEntries([...names, 'npm_config_https_proxy'].map((name) => [name, trap.url]));
  const { stdout, stderr } = await runSource(['doctor', '--json', '--config', join(dir, 'config.yaml')], {
    env: { ...env, NODE_USE_ENV_PROXY: '1' },
  });
  assert.match(stdout, /works; the org is at/, stderr);
  assert.equal(trap.visits, 0);
});

test('the network sends to vendors of the configuration alone, should a client ever ask for more', async () => {
  const org = 'https://acme.my.salesforce.com';
  const allowed: [config: string, url: string][] = [
    [MINIMAL, 'https://api.livestorm.co'],
    [MINIMAL, 'https://pi.pardot.com'],
    [MINIMAL, 'https://login.salesforce.com'],
    [MINIMAL, org],
    [`${MINIMAL}  instance_url: ${org}\n`, org],
    [`${MINIMAL}  instance_url: ${org}\n`, 'https://login.salesforce.com'],
  ];
  const foreign: [config: string, url: string][] = [
    [MINIMAL, 'http://api.livestorm.co'],
    [MINIMAL, 'https://api.livestorm.co:8443'],
    [MINIMAL, 'https://api.livestorm.co.evil.example'],
    [MINIMAL, 'https://evil.example'],
    [MINIMAL, 'https://evilsalesforce.com'],
    [MINIMAL, 'http://acme.my.salesforce.com'],
    [MINIMAL, 'https://salesforce.com.evil.example'],
    [MINIMAL, 'http://127.0.0.1:9'],
    [MINIMAL, 'http://169.254.169.254'],
    [MINIMAL, 'https://pi.demo.pardot.com'],
    [`${MINIMAL}  instance_url: ${org}\n`, 'https://other.my.salesforce.com'],
  ];
  for (const [text, url] of allowed) assert.ok(isVendorOf(parse(text))(new URL(url)), url);
  for (const [text, url] of foreign) assert.ok(!isVendorOf(parse(text))(new URL(url)), url);
});

test('a request elsewhere is not sent, and is told as such', async () => {
  await using trap = await new Trap().listen();
  const agent = new Agent();
  const dispatcher = onlyTo(agent, ({ origin }) => origin === 'https://api.livestorm.co');
  const options = {
    vendor: 'livestorm',
    dispatcher,
    clock: new VirtualClock(0),
    timeoutMs: MINUTE,
    maxBytes: 1000,
  } as const;
  const elsewhere = { method: 'GET', url: new URL(trap.url), headers: {}, operation: 'GET /ping' } as const;
  await assert.rejects(sendHttp(options, elsewhere, new AbortController().signal), (error: unknown) => {
    assert.ok(error instanceof RetryableError);
    assert.equal(error.code, FOREIGN_ORIGIN);
    assert.equal(error.applied, 'not_applied');
    return true;
  });
  await agent.close();
  assert.equal(trap.visits, 0);
});
