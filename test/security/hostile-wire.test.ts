import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { guardJsforce } from '../../src/clients/jsforce-guard.ts';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import { SalesforceClient } from '../../src/clients/salesforce.ts';
import type { Call } from '../../src/domain.ts';
import { AppError, RetryableError } from '../../src/errors.ts';
import { START } from '../support/builders.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { type Answer, WireServer } from '../support/wire-server.ts';

/** What only real sockets show. Deadlines are real and short. */
const TIMEOUT_MS = 400;
const MIB = 1024 * 1024;
const agent = new Agent({ headersTimeout: 10_000, bodyTimeout: 10_000 });
const call: Call = { work: 'registrations', signal: new AbortController().signal };
const surprises: unknown[] = [];
const note = (error: unknown) => surprises.push(error);

before(() => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  guardJsforce(agent, TIMEOUT_MS);
});
after(async () => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  await agent.destroy();
  assert.deepEqual(surprises, []);
});

/** One request of each stack, undici's and jsforce's, to the same address. */
const STACKS: Readonly<Record<string, (url: string, timeoutMs: number) => Promise<unknown>>> = {
  undici: (url, timeoutMs) => {
    const http = { dispatcher: agent, clock: new VirtualClock(START), timeoutMs, maxBytes: 2 * MIB };
    const governor = new OpenGovernor('livestorm');
    return new LivestormClient({ http, baseUrl: url, token: () => 'token', governor }).session('id', call);
  },
  jsforce: (url, timeoutMs) => {
    const login = async () => ({ accessToken: 'token', instanceUrl: url });
    const tokens = { login, token: async () => 'token', invalidate: () => {} };
    const governor = new OpenGovernor('salesforce');
    const rest = { tokens, governor, clock: new VirtualClock(START), apiVersion: '66.0', timeoutMs };
    return new SalesforceClient({ ...rest, externalIdField: 'Id__c' }).renameCampaign(
      'id',
      'from',
      'to',
      call,
    );
  },
};

const head = { 'content-type': 'application/json' };

/** Writes the same piece for ever, as fast as it is taken. */
function flood(response: ServerResponse, piece: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  'a body of 50 MiB': (response) => response.writeHead(200, head).end(Buffer.alloc(50 * MIB, 0x20)),
  'a body without end': (response) => flood(response.writeHead(200, head), Buffer.alloc(65_536, 0x5b)),
  'a body that drips': (response) => {
    response.writeHead(200, head);
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  },
  'a compressed body of 50 MiB': (response) =>
    response
      .writeHead(200, { ...head, 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.alloc(50 * MIB, 0x20))),
  'a compressed error page of 50 MiB': (response) =>
    response
      .writeHead(500, { ...head, 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.alloc(50 * MIB, 0x41))),
  'bytes that are not UTF-8': (response) =>
    response
      .writeHead(200, head)
      .end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])),
  'a compressed body that is none': (response) =>
    response.writeHead(200, { ...head, 'content-encoding': 'gzip' }).end('no gzip'),
  'many headers': (response) => {
    for (let index = 0; index < 5_000; index++) response.setHeader(`x-filler-${index}`, 'y'.repeat(40));
    response.writeHead(200, head).end('{}');
  },
  'a header of 1 MiB': (response) =>
    response.writeHead(200, { ...head, 'x-filler': 'y'.repeat(MIB) }).end('{}'),
};

/** Answers that no server library writes. */
const RAW: Readonly<Record<string, string>> = {
  'no HTTP at all': 'SSH-2.0-OpenSSH_9.2\r\n',
  'a status without a number': 'HTTP/1.1 abc OK\r\n\r\n',
  'a status of 000': 'HTTP/1.1 000 Nothing\r\ncontent-length: 2\r\n\r\n{}',
  'a line feed in a header': 'HTTP/1.1 200 OK\r\nx-a: b\nset-cookie: c\r\ncontent-length: 2\r\n\r\n{}',
  'a carriage return in a header': 'HTTP/1.1 200 OK\r\nx-a: b\rc\r\ncontent-length: 2\r\n\r\n{}',
  'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 40\r\n\r\n{}',
  'a length and chunks':
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'a chunk of absurd length': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n{}',
  'a negative length': 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}',
  'another answer after the answer':
    'HTTP/1.1 500 Bad\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
  'interim answers without end': `${'HTTP/1.1 103 Early\r\nlink: <x>\r\n\r\n'.repeat(200)}HTTP/1.1 500 Bad\r\ncontent-length: 0\r\n\r\n`,
  'a protocol that nobody asked for':
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
};

async function fails(send: () => Promise<unknown>): Promise<AppError> {
  try {
    await send();
  } catch (error) {
    assert.ok(error instanceof AppError, (error as Error).stack);
    assert.ok(error.message.length < 1_500);
    return error;
  }
  return new (class extends AppError {})('a value');
}

for (const [stack, send] of Object.entries(STACKS)) {
  describe(`by ${stack}, what is answered ends in an error of a known class, and nothing waits for ever`, () => {
    for (const [name, answer] of Object.entries(ANSWERS)) {
      it(name, async () => {
        await using server = await new WireServer(answer).listen();
        await fails(() => send(server.url, TIMEOUT_MS));
      });
    }
    for (const [name, text] of Object.entries(RAW)) {
      it(name, async () => {
        const server = createServer((socket: Socket) => {
          socket.on('error', () => {});
          socket.once('data', () => socket.write(text));
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as AddressInfo;
        const sockets = new Set<Socket>();
        server.on('connection', (socket) => sockets.add(socket));
        await fails(() => send(`http://127.0.0.1:${port}`, TIMEOUT_MS));
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      });
    }
  });
}

describe('a compressed answer', () => {
  it('is not unpacked by us: its size on the wire is its size', async () => {
    const answer = ANSWERS['a compressed body of 50 MiB'];
    assert.ok(answer);
    await using server = await new WireServer(answer).listen();
    const error = await fails(() => STACKS.undici?.(server.url, 5_000) ?? Promise.resolve());
    assert.ok(error instanceof RetryableError);
    assert.match(error.message, /body" is no JSON object/);
    assert.equal(server.requests[0]?.headers['accept-encoding'], undefined);
  });
});
