import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type AnswerParts, answer, htmlPage } from './answer.ts';
import type { Exchange, Reply, VendorService } from './exchange.ts';

export interface ServerParts extends AnswerParts {
  /** Real milliseconds that every answer takes, so that requests can overlap; read at each request. */
  readonly latencyMs: () => number;
}

/** One vendor on one loopback port, with the armed faults played on the real socket. */
export class VendorServer {
  readonly #service: VendorService;
  readonly #parts: ServerParts;
  readonly #server: Server;
  #inFlight = 0;

  constructor(service: VendorService, parts: ServerParts) {
    this.#service = service;
    this.#parts = parts;
    this.#server = createServer((req, res) => {
      void this.#serve(req, res);
    });
  }

  /** Starts listening on loopback. `port` 0 takes any free port. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.#inFlight++;
    try {
      const latencyMs = this.#parts.latencyMs();
      if (latencyMs > 0) await delay(latencyMs);
      const exchange = await readExchange(req, this.#inFlight).catch(() => undefined);
      if (exchange) this.#reply(exchange, req, res);
      else send(res, htmlPage(400, 'Bad Request'));
    } catch {
      // As a real vendor: what it did not expect becomes a page, not the end of the server.
      if (!res.headersSent) send(res, htmlPage(500, 'Internal Server Error'));
    } finally {
      this.#inFlight--;
    }
  }

  #reply(exchange: Exchange, req: IncomingMessage, res: ServerResponse): void {
    const played = answer(this.#parts, this.#service, exchange);
    switch (played.kind) {
      case 'reply':
        send(res, played.reply);
        break;
      case 'half':
        sendHalf(res, played.reply, played.cut);
        break;
      case 'silence':
        break;
      case 'reset':
        req.socket.resetAndDestroy();
    }
  }
}

async function readExchange(req: IncomingMessage, inFlight: number): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const url = new URL(req.url ?? '/', 'http://sandbox');
  const headers = Object.fromEntries(
    Object.entries(req.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return {
    method: req.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
    inFlight,
  };
}

function send(res: ServerResponse, reply: Reply): void {
  res.writeHead(reply.status, reply.headers);
  res.end(reply.status === 204 || reply.status === 304 ? undefined : reply.body);
}

function sendHalf(res: ServerResponse, reply: Reply, cut: boolean): void {
  const body = Buffer.from(reply.body);
  res.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  res.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (cut) res.socket?.destroy();
  });
}
