import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Connection } from 'jsforce/lib/core.js';
import type { Dispatcher } from 'undici';
import { orAborted } from './abortable.ts';

/** What the wire showed of one jsforce call; jsforce keeps the status to itself, and takes an app's limit for the org's. */
export interface Wire {
  /** 0 until the vendor answered with a status line. */
  status: number;
  /** Its `Sforce-Limit-Info`. */
  limitInfo?: string;
}

const MAX_BYTES = 8_000_000;

interface GuardedCall {
  readonly signal: AbortSignal;
  readonly wire: Wire;
}

const calls = new AsyncLocalStorage<GuardedCall>();
const require = createRequire(import.meta.url);
let load: (() => Jsforce) | undefined;

/** What calls are made from. */
export interface Jsforce {
  readonly Connection: typeof Connection;
}

/**
 * Sets how every jsforce connection of this process reaches the network: through `dispatcher`, no proxies from
 * the environment, no redirects, no retries (the ledger is the only retry engine), and with the whole body read
 * before jsforce sees the headers. Without the last, a stalled or cut body leaves its promise pending for ever
 * or ends the process (salesforce.md §1.3). A later call replaces an earlier one. The library is a fifth of what the
 * program loads and is loaded by the first call to Salesforce, so that it does not hold up the start.
 */
export function guardJsforce(dispatcher: Dispatcher, timeoutMs: number): void {
  let loaded: Jsforce | undefined;
  load = () => {
    loaded ??= loadGuarded(dispatcher, timeoutMs);
    return loaded;
  };
}

function loadGuarded(dispatcher: Dispatcher, timeoutMs: number): Jsforce {
  // First, as it reads proxies from the environment into the defaults of requests, which ours replace.
  const { Connection } = require('jsforce/lib/core.js') as typeof import('jsforce/lib/core.js');
  const { setDefaults, setDispatcher } =
    require('jsforce/lib/request.js') as typeof import('jsforce/lib/request.js');
  setDefaults({ timeout: timeoutMs, followRedirect: false, retry: { maxRetries: 0, methods: [] } });
  setDispatcher(
    dispatcher.compose(
      (dispatch) => (options, handler) => dispatch(options, new WholeAnswer(handler, calls.getStore())),
    ),
  );
  return { Connection };
}

/**
 * Runs one jsforce call under a signal, which jsforce does not take: when it aborts, the request on the wire is
 * cut, one that has not started yet never starts, and the promise rejects with the signal's reason. Refuses to
 * send anything before `guardJsforce`.
 */
export async function guarded<T>(
  signal: AbortSignal,
  wire: Wire,
  send: (jsforce: Jsforce) => Promise<T>,
): Promise<T> {
  if (!load) throw new Error('guardJsforce must be called first');
  signal.throwIfAborted();
  const jsforce = load();
  return await orAborted(
    calls.run({ signal, wire }, () => send(jsforce)),
    signal,
  );
}

type AnswerHead = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>;

/** Holds an answer back until it is whole. */
class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #next: Dispatcher.DispatchHandler;
  readonly #call: GuardedCall | undefined;
  #head: AnswerHead | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #unlisten = () => {};

  constructor(next: Dispatcher.DispatchHandler, call: GuardedCall | undefined) {
    this.#next = next;
    this.#call = call;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#next.onRequestStart?.(controller, context);
    const signal = this.#call?.signal;
    if (!signal) return;
    const onAbort = () => controller.abort(new Error('aborted', { cause: signal.reason }));
    signal.addEventListener('abort', onAbort, { once: true });
    this.#unlisten = () => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  }

  onResponseStart(...head: AnswerHead): void {
    const [controller, status] = head;
    if (status < 200) return;
    if (this.#call)
      Object.assign(this.#call.wire, { status, limitInfo: String(head[2]['sforce-limit-info'] ?? '') });
    if (status > 300 && status < 400 && status !== 304) controller.abort(new Error('redirect refused'));
    else this.#head = head;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > MAX_BYTES) controller.abort(new Error(`answer larger than ${MAX_BYTES} bytes`));
    else this.#chunks.push(Buffer.from(chunk));
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: Record<string, string>): void {
    this.#unlisten();
    const trouble = this.#head && troubleUnpacking(this.#head[2], this.#chunks);
    if (trouble) {
      this.#next.onResponseError?.(controller, trouble);
      return;
    }
    if (this.#head) this.#next.onResponseStart?.(...this.#head);
    for (const chunk of this.#chunks) this.#next.onResponseData?.(controller, chunk);
    this.#next.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#unlisten();
    this.#next.onResponseError?.(controller, error);
  }
}

const UNPACK = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/**
 * What fetch would trip over when it unpacks the body, which it does without a limit: a body that is broken ends the
 * process, one that is made for it fills the memory.
 */
function troubleUnpacking(headers: AnswerHead[2], chunks: readonly Buffer[]): Error | undefined {
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || chunks.length === 0) return undefined;
  const unpack = UNPACK.get(encoding);
  if (!unpack) return new Error('compressed in an unknown way');
  try {
    unpack(Buffer.concat(chunks), { maxOutputLength: MAX_BYTES });
    return undefined;
  } catch (cause) {
    return new Error('an answer that cannot be unpacked', { cause });
  }
}
