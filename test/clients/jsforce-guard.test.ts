import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import jsforce from 'jsforce';
import { Agent } from 'undici';
import { guarded, guardJsforce, type Wire } from '../../src/clients/jsforce-guard.ts';
import { type Answer, json, WireServer } from '../support/wire-server.ts';

/**
 * What salesforce.md §1.2 and §1.3 measured, measured again on the pinned package. Timeouts are real and short.
 */
const TIMEOUT_MS = 250;
const agent = new Agent({ headersTimeout: 60_000, bodyTimeout: 60_000 });
const surprises: unknown[] = [];
const note = (error: unknown) => surprises.push(error);

before(() => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  guardJsforce(agent, TIMEOUT_MS);
});

after(async () => {
  await agent.destroy();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  assert.deepEqual(surprises, []);
});

function connect(instanceUrl: string) {
  return new jsforce.Connection({ version: '66.0', instanceUrl, accessToken: 'the-token' });
}

/** Sends one request and tells how it ended, what the wire showed and how often the server was asked. */
async function outcome(
  answer: Answer,
  request: { method?: 'GET' | 'PATCH'; signal?: AbortSignal } = {},
): Promise<{ value?: unknown; error?: Error & { errorCode?: string }; wire: Wire; requests: number }> {
  await using server = await new WireServer(answer).listen();
  const wire = { status: 0 };
  const signal = request.signal ?? new AbortController().signal;
  const { method = 'GET' } = request;
  const send = () =>
    connect(server.url).request({ method, url: '/limits', ...(method === 'PATCH' && { body: '{}' }) });
  try {
    return { value: await guarded(signal, wire, send), wire, requests: server.requests.length };
  } catch (error) {
    return { error: error as Error, wire, requests: server.requests.length };
  }
}

const head = { 'content-type': 'application/json', 'content-length': '100' };

for (const method of ['GET', 'PATCH'] as const) {
  test(`${method}: no answer at all rejects`, async () => {
    const { error, wire } = await outcome(() => {}, { method });
    assert.ok(error);
    assert.equal(wire.status, 0);
  });

  test(`${method}: a body that stalls rejects; that it was a success is known`, async () => {
    const { error, wire } = await outcome((response) => response.writeHead(201, head).write('{"id":'), {
      method,
    });
    assert.ok(error);
    assert.equal(wire.status, 201);
  });

  test(`${method}: a body cut short rejects without an uncaught exception`, async () => {
    const { error, wire } = await outcome(
      (response) => response.writeHead(200, head).write('{"id":', () => response.socket?.destroy()),
      { method },
    );
    assert.match(String((error?.cause as { code?: string })?.code), /UND_ERR_SOCKET|ECONNRESET/);
    assert.equal(wire.status, 200);
  });

  test(`${method}: a redirect is refused and not followed`, async () => {
    await using elsewhere = await new WireServer((response) => json(response, 200, {})).listen();
    const { error, wire, requests } = await outcome(
      (response) => response.writeHead(302, { location: `${elsewhere.url}/gotcha` }).end(),
      { method },
    );
    assert.equal((error?.cause as Error | undefined)?.message ?? '', 'redirect refused');
    assert.equal(wire.status, 302);
    assert.equal(requests, 1);
    assert.equal(elsewhere.requests.length, 0);
  });

  for (const status of [420, 429, 500, 503]) {
    test(`${method}: ${status} is not retried`, async () => {
      const { error, requests } = await outcome((response) => response.writeHead(status).end('down'), {
        method,
      });
      assert.equal(error?.errorCode, `ERROR_HTTP_${status}`);
      assert.equal(requests, 1);
    });
  }
}

test('a closed connection is not retried', async () => {
  const { error, requests } = await outcome((response) => response.socket?.destroy());
  assert.ok(error);
  assert.equal(requests, 1);
});

test('a slow drip is cut by the deadline', async () => {
  const { error } = await outcome((response) => {
    response.writeHead(200, head);
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  assert.ok(error);
});

test('an answer without end is cut', async () => {
  const { error } = await outcome((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(Buffer.alloc(8_000_001, ' '));
  });
  assert.match((error?.cause as Error | undefined)?.message ?? '', /larger than/);
});

test('a persistent 401 rejects after one request instead of looping', async () => {
  const { error, requests } = await outcome((response) =>
    json(response, 401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]),
  );
  assert.equal(error?.errorCode, 'INVALID_SESSION_ID');
  assert.equal(requests, 1);
});

test('an abort rejects with its reason and cuts the request on the wire', async () => {
  const controller = new AbortController();
  const reason = new Error('stopping');
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  await using server = await new WireServer((response) => {
    response.on('close', resolve);
    controller.abort(reason);
  }).listen();
  guardJsforce(agent, 60_000);
  const aborted = guarded(controller.signal, { status: 0 }, () => connect(server.url).request('/limits'));
  await assert.rejects(aborted, reason);
  await cut;
  guardJsforce(agent, TIMEOUT_MS);
});

test('what was aborted before its connection stood is never sent', async () => {
  await using server = await new WireServer((response) => json(response, 200, {})).listen();
  const controller = new AbortController();
  const aborted = guarded(controller.signal, { status: 0 }, () => connect(server.url).request('/limits'));
  controller.abort();
  await assert.rejects(aborted);
  await guarded(new AbortController().signal, { status: 0 }, () => connect(server.url).request('/limits'));
  assert.equal(server.requests.length, 1);
});

test('whole answers pass as they are: JSON, gzip, 204, 300, the limit header', async () => {
  const body = { records: ['ü'] };
  assert.deepEqual((await outcome((response) => json(response, 200, body))).value, body);
  const zipped = await outcome((response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(gzipSync(JSON.stringify(body))),
  );
  assert.deepEqual(zipped.value, body);
  const empty = await outcome((response) => response.writeHead(204).end());
  assert.equal(empty.value, undefined);
  assert.equal(empty.wire.status, 204);
  const several = await outcome((response) => json(response, 300, ['/a', '/b']));
  assert.equal(several.error?.errorCode, 'MULTIPLE_CHOICES');
});

test('guarding again replaces the guard instead of stacking it', async () => {
  guardJsforce(agent, TIMEOUT_MS);
  const { value, requests } = await outcome((response) => json(response, 200, { once: true }));
  assert.deepEqual(value, { once: true });
  assert.equal(requests, 1);
});

test('proxies in the environment are not used', async () => {
  await using proxy = await new WireServer((response) => json(response, 200, {})).listen();
  await using server = await new WireServer((response) => json(response, 200, { direct: true })).listen();
  const script = `
    process.env.https_proxy = process.env.http_proxy = process.argv[1];
    const { guarded, guardJsforce } = await import('./src/clients/jsforce-guard.ts');
    const { Agent } = await import('undici');
    guardJsforce(new Agent(), 2000);
    const login = { version: '66.0', instanceUrl: process.argv[2], accessToken: 't' };
    const answer = await guarded(new AbortController().signal, { status: 0 }, ({ Connection }) =>
      new Connection(login).request('/limits'));
    console.log(JSON.stringify(answer));`;
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '--eval', script, proxy.url, server.url],
  ]);
  assert.deepEqual(JSON.parse(stdout), { direct: true });
  assert.equal(proxy.requests.length, 0);
});
