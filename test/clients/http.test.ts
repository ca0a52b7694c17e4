import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Agent } from 'undici';
import { type HttpResponse, provesNotSent, sendHttp } from '../../src/clients/http.ts';
import { systemClock } from '../../src/clock.ts';
import { type Applied, RetryableError } from '../../src/errors.ts';

const LONG_MS = 30_000;
const SHORT_MS = 100;

let server: Server;
let listener: RequestListener;
let seen: string[];
const agent = new Agent();

before(async () => {
  server = createServer((req, res) => {
    seen.push(`${req.method} ${req.url}`);
    listener(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

after(async () => {
  await agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Sending {
  timeoutMs?: number;
  maxBytes?: number;
  url?: string;
  dispatcher?: Agent;
  signal?: AbortSignal;
}

function send(answer: RequestListener, sending: Sending = {}): Promise<HttpResponse> {
  seen = [];
  listener = answer;
  const port = (server.address() as AddressInfo).port;
  return sendHttp(
    {
      vendor: 'livestorm',
      clock: systemClock,
      dispatcher: sending.dispatcher ?? agent,
      timeoutMs: sending.timeoutMs ?? LONG_MS,
      maxBytes: sending.maxBytes ?? 1_000_000,
    },
    {
      method: 'POST',
      url: new URL(sending.url ?? `http://127.0.0.1:${port}/things`),
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
      operation: 'POST /things',
    },
    sending.signal ?? new AbortController().signal,
  );
}

async function assertFails(sent: Promise<HttpResponse>, applied: Applied, status?: number): Promise<void> {
  await assert.rejects(sent, (error) => {
    assert.ok(error instanceof RetryableError, String(error));
    assert.deepEqual(
      { applied: error.applied, status: error.status, operation: error.operation, vendor: error.vendor },
      { applied, status, operation: 'POST /things', vendor: 'livestorm' },
    );
    assert.ok(error.cause, 'the cause is kept');
    return true;
  });
}

/** Announces ten bytes and sends five. */
function half(status: number): RequestListener {
  return (_req, res) => {
    res.writeHead(status, { 'content-length': '10' });
    res.write('{"a":');
  };
}

function cut(status: number): RequestListener {
  return (_req, res) => {
    res.writeHead(status, { 'content-length': '10' });
    res.write('{"a":', () => res.socket?.destroy());
  };
}

test('hands out status, headers and body as they are, and sends ours', async () => {
  let received = '';
  let userAgent: string | undefined;
  const response = await send((req, res) => {
    userAgent = req.headers['user-agent'];
    req.on('data', (chunk) => {
      received += chunk;
    });
    req.on('end', () => {
      res.writeHead(422, { 'X-Two': ['a', 'b'] });
      res.end('{"é":1}');
    });
  });
  assert.equal(response.status, 422);
  assert.equal(response.headers['x-two'], 'a, b');
  assert.equal(response.body, '{"é":1}');
  assert.equal(received, '{"a":1}');
  assert.equal(userAgent, 'livestorm-pardot');
});

test('a redirect is handed out, not followed', async () => {
  const response = await send((_req, res) => {
    res.writeHead(302, { location: '/elsewhere' });
    res.end();
  });
  assert.equal(response.status, 302);
  assert.deepEqual(seen, ['POST /things']);
});

test('no answer before the deadline: unknown, and never sent again', async () => {
  await assertFails(
    send(() => {}, { timeoutMs: SHORT_MS }),
    'unknown',
  );
  assert.deepEqual(seen, ['POST /things']);
});

test('connection reset or closed without an answer: unknown', async () => {
  await assertFails(
    send((req) => req.socket.resetAndDestroy()),
    'unknown',
  );
  await assertFails(
    send((req) => req.socket.destroy()),
    'unknown',
  );
});

test('an answer that is no HTTP: unknown', async () => {
  await assertFails(
    send((req) => {
      req.socket.end('garbage\r\n\r\n');
    }),
    'unknown',
  );
});

test('a 2xx whose body stalls, is cut, or is too large: done', async () => {
  await assertFails(send(half(201), { timeoutMs: SHORT_MS }), 'done', 201);
  await assertFails(send(cut(201)), 'done', 201);
  await assertFails(
    send((_req, res) => res.end('x'.repeat(2_000)), { maxBytes: 1_999 }),
    'done',
    200,
  );
});

test('another status whose body stalls or is cut: unknown', async () => {
  await assertFails(send(half(500), { timeoutMs: SHORT_MS }), 'unknown', 500);
  await assertFails(send(cut(409)), 'unknown', 409);
});

test('a body of exactly the limit is read', async () => {
  const response = await send((_req, res) => res.end('x'.repeat(2_000)), { maxBytes: 2_000 });
  assert.equal(response.body.length, 2_000);
});

test('connection refused: not applied', async () => {
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
  const { port } = unused.address() as AddressInfo;
  await new Promise((resolve) => unused.close(resolve));
  await assertFails(
    send(() => {}, { url: `http://127.0.0.1:${port}/` }),
    'not_applied',
  );
});

test('name not found: not applied', async () => {
  const dispatcher = new Agent({
    connect: {
      lookup: (host, _options, done) =>
        done(Object.assign(new Error(`getaddrinfo ${host}`), { code: 'ENOTFOUND' }), '', 0),
    },
  });
  await assertFails(
    send(() => {}, { url: 'http://vendor.test/', dispatcher }),
    'not_applied',
  );
  await dispatcher.destroy();
});

test('no TLS at the other end: not applied, nothing was read as a request', async () => {
  const { port } = server.address() as AddressInfo;
  await assertFails(
    send(() => {}, { url: `https://127.0.0.1:${port}/` }),
    'not_applied',
  );
  assert.deepEqual(seen, []);
});

test('the caller gives up in the middle: unknown', async () => {
  const giveUp = new AbortController();
  await assertFails(
    send(() => giveUp.abort(new Error('shutting down')), { signal: giveUp.signal }),
    'unknown',
  );
});

test('certificates that are not trusted prove that nothing was sent', () => {
  for (const code of [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  ]) {
    assert.equal(provesNotSent({ code }), true, code);
  }
  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 23, undefined]) {
    assert.equal(provesNotSent({ code }), false, String(code));
  }
  assert.equal(provesNotSent(null), false);
});
