import { AsyncLocalStorage } from 'node:async_hooks';
import type { Connection } from 'jsforce/lib/core.js';
import type { Dispatcher } from 'undici';
import { orAborted } from './abortable.ts';

/** What the wire showed of one jsforce call; jsforce itself keeps the status to itself. */
export interface Wire {
  /** 0 until the vendor answered with a status line. */
  status: number;
}

const MAX_BYTES = 8_000_000;

interface GuardedCall {
  readonly signal: AbortSignal;
  readonly wire: Wire;
}

const calls = new AsyncLocalStorage<GuardedCall>();
let guard: (() => Promise<Jsforce>) | undefined;

/** What calls are made from. */
export interface Jsforce {
  readonly Connection: typeof Connection;
}

/**
 * Sets how every jsforce connection of this process reaches the network: through `dispatcher`, no proxies from
 * the environment, no redirects, no retries (the ledger is the only retry engine), and with the whole body read
 * before jsforce sees the headers. Without the last, a stalled or cut body leaves its promise pending for ever
 * or ends the process (salesforce.md §1.3). A later call replaces an earlier one. The library is a fifth of what the
 * program loads, so it is loaded with the first call: it shall not hold up the start.
 */
export function guardJsforce(dispatcher: Dispatcher, timeoutMs: number): void {
  let loaded: Promise<Jsforce> | undefined;
  guard = () => {
    loaded ??= loadGuarded(dispatcher, timeoutMs);
    return loaded;
  };
}

async function loadGuarded(dispatcher: Dispatcher, timeoutMs: number): Promise<Jsforce> {
  // First, as it reads proxies from the environment into the defaults of requests.
  const { Connection } = await import('jsforce/lib/core.js');
  const { setDefaults, setDispatcher } = await import('jsforce/lib/request.js');
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
  if (!guard) throw new Error('guardJsforce must be called first');
  signal.throwIfAborted();
  const jsforce = await guard();
  signal.throwIfAborted();
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
    if (this.#call) this.#call.wire.status = status;
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
    if (this.#head) this.#next.onResponseStart?.(...this.#head);
    for (const chunk of this.#chunks) this.#next.onResponseData?.(controller, chunk);
    this.#next.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#unlisten();
    this.#next.onResponseError?.(controller, error);
  }
}
