import { Dispatcher, errors } from 'undici';
import type { Played } from '../../src/sandbox/kernel/answer.ts';
import type { Exchange, Reply, VendorService } from '../../src/sandbox/kernel/exchange.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** `sent`: before the vendor sees the request. `applied`: it has, and the answer (or fault) is on its way back. */
export type Moment = 'sent' | 'applied';

export interface SeenRequest {
  /** The same at both moments. */
  readonly id: number;
  /** Virtual time of this moment. */
  readonly atMs: number;
  readonly vendor: VendorService['name'];
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** At `applied`: 0 when no status line comes back. */
  readonly status: number | undefined;
  /** Requests of this dispatcher that the vendor is working on, this one included. */
  readonly inFlight: number;
}

export interface InProcessOptions {
  /** Longest wait for an answer or the rest of one, in virtual time; 30 s when absent. */
  readonly timeoutMs?: number;
  /** Virtual milliseconds from one end to the other, drawn for each way; 0 when absent. */
  readonly latencyMs?: () => number;
  /**
   * Called at both moments of every request. What it throws reaches the client as the failure of the request; a
   * promise is waited for, so one that never settles is a process that ended there. Time is not held meanwhile.
   */
  readonly onRequest?: (moment: Moment, request: SeenRequest) => void | Promise<void>;
}

type Answering = Dispatcher.DispatchHandler;

/**
 * The way to a sandbox without sockets, for undici's `request` and `fetch` alike. Faults are played with the
 * errors that undici gives on a real socket. Virtual time stands still while an answer is on its way, apart from
 * `latencyMs` and stalls.
 */
export class InProcessDispatcher extends Dispatcher {
  readonly #sandbox: Sandbox;
  readonly #clock: VirtualClock;
  readonly #timeoutMs: number;
  readonly #latencyMs: () => number;
  readonly #onRequest: NonNullable<InProcessOptions['onRequest']>;
  readonly #vendors: ReadonlyMap<string, VendorService['name']>;
  readonly #inFlight = new Map<string, number>();
  #isCut = false;
  #sent = 0;

  constructor(sandbox: Sandbox, clock: VirtualClock, options: InProcessOptions = {}) {
    super();
    this.#sandbox = sandbox;
    this.#clock = clock;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#latencyMs = options.latencyMs ?? (() => 0);
    this.#onRequest = options.onRequest ?? (() => {});
    const { urls } = sandbox;
    this.#vendors = new Map(
      (['livestorm', 'pardot', 'salesforce', 'pages'] as const).map((name) => [
        new URL(urls[name]).origin,
        name,
      ]),
    );
  }

  /** From now on nothing is sent and nothing arrives: the process behind this dispatcher is dead. */
  cut(): void {
    this.#isCut = true;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Answering): boolean {
    if (this.#isCut) return true;
    const vendor = this.#vendors.get(String(options.origin));
    const call = new Call(handler, () => this.#isCut);
    call.start();
    if (!vendor) call.fail(systemError('ECONNREFUSED', `connect ECONNREFUSED ${String(options.origin)}`));
    else void this.#serve(vendor, options, call).catch((error: unknown) => call.fail(asError(error)));
    return true;
  }

  override async close(): Promise<void> {}

  override async destroy(): Promise<void> {
    this.cut();
  }

  async #serve(
    vendor: VendorService['name'],
    options: Dispatcher.DispatchOptions,
    call: Call,
  ): Promise<void> {
    using hold = new Hold(this.#clock);
    const body = await readBody(options.body);
    await this.#travel(hold);
    if (call.isOver) return;
    this.#count(vendor, 1);
    call.onEnd = () => this.#count(vendor, -1);
    const exchange = toExchange(options, body, this.#count(vendor, 0));
    const { method, path, inFlight } = exchange;
    const seen = { id: ++this.#sent, vendor, method, path, query: exchange.query.toString(), inFlight };
    const told = this.#onRequest('sent', { ...seen, atMs: this.#clock.now(), status: undefined });
    // Without a turn in between: a fault that was armed for this request must not hit another one.
    if (told) await hold.letGoFor(told);
    if (call.isOver) return;
    const played = this.#sandbox.answer(vendor, exchange);
    const status = 'reply' in played ? played.reply.status : 0;
    await this.#tell('applied', { ...seen, atMs: this.#clock.now(), status }, hold);
    await this.#travel(hold);
    await this.#deliver(played, call, hold);
  }

  /** Requests of this dispatcher at that vendor, after the change. */
  #count(vendor: string, change: number): number {
    const now = (this.#inFlight.get(vendor) ?? 0) + change;
    this.#inFlight.set(vendor, now);
    return now;
  }

  async #travel(hold: Hold): Promise<void> {
    const ms = this.#latencyMs();
    if (ms > 0) await hold.letGoFor(this.#clock.sleep(ms));
  }

  async #tell(moment: Moment, request: SeenRequest, hold: Hold): Promise<void> {
    const told = this.#onRequest(moment, request);
    if (told) await hold.letGoFor(told);
  }

  async #deliver(played: Played, call: Call, hold: Hold): Promise<void> {
    switch (played.kind) {
      case 'reply':
        return call.answer(played.reply);
      case 'reset':
        return call.fail(systemError('ECONNRESET', 'read ECONNRESET'));
      case 'silence':
        await hold.letGoFor(this.#clock.sleep(this.#timeoutMs));
        return call.fail(new errors.HeadersTimeoutError());
      case 'half':
        call.half(played.reply);
        if (played.cut) return call.fail(new errors.SocketError('other side closed'));
        await hold.letGoFor(this.#clock.sleep(this.#timeoutMs));
        return call.fail(new errors.BodyTimeoutError());
    }
  }
}

/** Virtual time stands still until disposed, except while let go. */
class Hold {
  readonly #clock: VirtualClock;
  #release: () => void;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#release = clock.hold();
  }

  async letGoFor(wait: Promise<void>): Promise<void> {
    this.#release();
    await wait;
    this.#release = this.#clock.hold();
  }

  [Symbol.dispose](): void {
    this.#release();
  }
}

/** One request as the handler sees it: it ends once, and nothing is told after that. */
class Call {
  readonly #handler: Answering;
  readonly #isCut: () => boolean;
  readonly #controller: Dispatcher.DispatchController;
  #reason: Error | null = null;
  #hasEnded = false;
  onEnd: () => void = () => {};

  constructor(handler: Answering, isCut: () => boolean) {
    this.#handler = handler;
    this.#isCut = isCut;
    const reason = (): Error | null => this.#reason;
    this.#controller = {
      get aborted() {
        return reason() !== null;
      },
      get reason() {
        return reason();
      },
      paused: false,
      rawHeaders: null,
      rawTrailers: null,
      abort: (error) => {
        this.#reason ??= error;
        this.fail(error);
      },
      pause: () => {},
      resume: () => {},
    };
  }

  get isOver(): boolean {
    return this.#hasEnded || this.#isCut();
  }

  start(): void {
    this.#handler.onRequestStart?.(this.#controller, null);
  }

  answer(reply: Reply): void {
    const hasBody = reply.status !== 204 && reply.status !== 304;
    const body = Buffer.from(hasBody ? reply.body : '');
    this.#head(reply, body.length);
    if (body.length > 0 && !this.isOver) this.#handler.onResponseData?.(this.#controller, body);
    if (this.isOver) return;
    this.#end();
    this.#handler.onResponseEnd?.(this.#controller, {});
  }

  /** The head announces the whole body; half of it comes. */
  half(reply: Reply): void {
    const body = Buffer.from(reply.body);
    this.#head(reply, body.length);
    if (this.isOver) return;
    this.#handler.onResponseData?.(this.#controller, body.subarray(0, Math.ceil(body.length / 2)));
  }

  fail(error: Error): void {
    if (this.isOver) return;
    this.#end();
    this.#handler.onResponseError?.(this.#controller, error);
  }

  #end(): void {
    this.#hasEnded = true;
    this.onEnd();
  }

  #head(reply: Reply, length: number): void {
    if (this.isOver) return;
    const headers = { ...reply.headers, 'content-length': String(length) };
    // What undici's fetch reads instead of the headers that it is given.
    this.#controller.rawHeaders = Object.entries(headers)
      .flat()
      .map((text) => Buffer.from(text, 'latin1'));
    this.#handler.onResponseStart?.(this.#controller, reply.status, headers, '');
  }
}

function toExchange(options: Dispatcher.DispatchOptions, body: Buffer, inFlight: number): Exchange {
  const url = new URL(options.path, 'http://sandbox');
  return {
    method: options.method,
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: lowerCase(options.headers),
    body,
    inFlight,
  };
}

function lowerCase(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  if (!headers) return {};
  if (Array.isArray(headers)) throw new TypeError('headers as a flat list are not supported here');
  const entries =
    Symbol.iterator in headers ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value ?? ''),
    ]),
  );
}

async function readBody(body: unknown): Promise<Buffer> {
  if (body == null) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), {
    code,
    errno: -1,
    syscall: code === 'ECONNRESET' ? 'read' : 'connect',
  });
}
