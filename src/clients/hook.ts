import type { Dispatcher } from 'undici';
import { type Clock, SECOND } from '../clock.ts';
import { onlyTo } from './allowed-origins.ts';
import { describeFailure, exchange, type HttpRequest } from './http.ts';

/** Calls an address of the admin's own, a heartbeat or a chat. Resolves to null, or to why it failed, in words. */
export type CallHook = (body: object | null, signal: AbortSignal) => Promise<string | null>;

const TIMEOUT = 10 * SECOND;
const MAX_ANSWER_BYTES = 64 * 1024;

/** GET without a body, POST of JSON with one; one attempt, no redirects, no other origin. No message holds the address. */
export function createHook(
  address: string,
  parts: { readonly clock: Clock; readonly dispatcher: Dispatcher },
): CallHook {
  const url = new URL(address);
  const dispatcher = onlyTo(parts.dispatcher, ({ origin }) => origin === url.origin);
  const options = { clock: parts.clock, dispatcher, timeoutMs: TIMEOUT, maxBytes: MAX_ANSWER_BYTES };
  return async (body, signal) => {
    const request: HttpRequest = {
      url,
      operation: 'hook',
      ...(body === null ? { method: 'GET', headers: {} } : post(body)),
    };
    try {
      const { status } = await exchange(options, request, signal);
      return status >= 200 && status < 300 ? null : `it answers with status ${status}`;
    } catch (error) {
      return `the connection failed (${describeFailure(error)})`;
    }
  };
}

function post(body: object): Pick<HttpRequest, 'method' | 'headers' | 'body'> {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
