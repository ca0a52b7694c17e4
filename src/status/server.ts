import { rmSync, statSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { SECOND } from '../clock.ts';
import type { Listen } from '../config/listen.ts';
import type { Logger } from '../logger.ts';

// An import would look at all that the module exports, and so load Node's own WebSocket and fetch: 10 MiB.
const { createServer } = createRequire(import.meta.url)('node:http') as typeof import('node:http');

export interface PageRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const MOST_BODY_BYTES = 4096;
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5 * SECOND,
  requestTimeout: 10 * SECOND,
  keepAliveTimeout: 5 * SECOND,
  connectionsCheckingInterval: SECOND,
};

/** A small HTTP server on this machine. */
export class StatusServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Rejects when the address cannot be had. `answer` may throw: that is logged, and told without a reason. */
  static async listen(
    listen: Listen,
    answer: (request: PageRequest) => Reply,
    log: Logger,
  ): Promise<StatusServer> {
    const server = createServer(LIMITS, (request, response) => {
      serve(request, response, answer, log).catch(() => response.destroy());
    });
    server.maxConnections = 64;
    if ('path' in listen) removeSocket(listen.path);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(listen, resolve);
    });
    return new StatusServer(server);
  }

  /** As `127.0.0.1:9464`, or the path of the socket. */
  get address(): string {
    const address = this.#server.address() as AddressInfo | string;
    return typeof address === 'string' ? address : `${address.address}:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** One that a process left behind which did not end by itself; anything else is not ours to remove. */
function removeSocket(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: PageRequest) => Reply,
  log: Logger,
): Promise<void> {
  const body = await readBody(request);
  const reply = body === null ? TOO_LARGE : replyTo(request, body, answer, log);
  response.writeHead(reply.status, {
    ...SAFE,
    ...reply.headers,
    'content-length': Buffer.byteLength(reply.body),
    ...(body === null ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}

function replyTo(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: string,
  answer: (request: PageRequest) => Reply,
  log: Logger,
): Reply {
  const single = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ]);
  try {
    const path = url.split('?', 1)[0] ?? '/';
    return answer({ method, path, headers: Object.fromEntries(single), body });
  } catch (error) {
    log.error({ err: error }, 'the status page could not answer');
    return textReply(500, 'Something went wrong here. The log of the service says more.');
  }
}

/** null when it is larger than anything we ask for. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Nothing is kept, framed, guessed at or given to other pages. */
const SAFE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

export function textReply(status: number, text: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}

export function jsonReply(status: number, body: object): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  };
}

const TOO_LARGE = textReply(413, 'This is more than the page asks for.');
