import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxClock } from './clock.ts';
import type { Exchange, Reply, VendorService } from './exchange.ts';
import type { FaultRule, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

export interface ServerParts {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly log: RequestLog;
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
    const label = `${exchange.method} ${exchange.path}`;
    const fault = this.#parts.faults.take(this.#service.name, label);
    const status = fault ? this.#playFault(fault, exchange, req, res) : this.#answer(exchange, res);
    this.#parts.log.add({
      atMs: this.#parts.clock.now(),
      vendor: this.#service.name,
      method: exchange.method,
      path: exchange.path,
      query: exchange.query.toString(),
      status,
      fault: fault?.kind,
    });
  }

  #answer(exchange: Exchange, res: ServerResponse): number {
    return send(res, this.#handle(exchange));
  }

  #handle(exchange: Exchange): Reply {
    const reply = this.#service.handle(exchange);
    return { ...reply, headers: { date: new Date(this.#parts.clock.now()).toUTCString(), ...reply.headers } };
  }

  /** Returns the status the client saw, 0 for none. */
  #playFault(fault: FaultRule, exchange: Exchange, req: IncomingMessage, res: ServerResponse): number {
    switch (fault.kind) {
      case 'reset_before':
        req.socket.resetAndDestroy();
        return 0;
      case 'reset_after':
        this.#handle(exchange);
        req.socket.resetAndDestroy();
        return 0;
      case 'stall_before':
        return 0;
      case 'stall_after':
        this.#handle(exchange);
        return 0;
      case 'cut_body':
      case 'stall_body':
        return sendHalf(res, this.#handle(exchange), fault.kind === 'cut_body');
      case 'html_500_after':
        this.#handle(exchange);
        return send(res, htmlPage(500, 'Internal Server Error'));
      case 'html_500_before':
        return send(res, htmlPage(500, 'Internal Server Error'));
      case 'html_503':
        return send(res, htmlPage(503, 'Service Unavailable'));
      case 'empty_body':
        return send(res, { ...this.#handle(exchange), body: '' });
      case 'redirect':
        return send(res, { status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' }, body: '' });
      case 'status': {
        const reply = fault.reply ?? { status: 500 };
        return send(res, { status: reply.status, headers: reply.headers ?? {}, body: reply.body ?? '' });
      }
    }
  }
}

function htmlPage(status: number, title: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
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

function send(res: ServerResponse, reply: Reply): number {
  res.writeHead(reply.status, reply.headers);
  res.end(reply.status === 204 || reply.status === 304 ? undefined : reply.body);
  return reply.status;
}

function sendHalf(res: ServerResponse, reply: Reply, cut: boolean): number {
  const body = Buffer.from(reply.body.length > 1 ? reply.body : '{"data":[]}');
  res.writeHead(reply.status === 204 ? 200 : reply.status, {
    ...reply.headers,
    'content-length': body.length,
  });
  res.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (cut) res.socket?.destroy();
  });
  return reply.status;
}
