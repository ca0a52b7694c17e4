import { DAY, MINUTE } from '../clock.ts';
import type { Vendor } from '../domain.ts';
import { AuthError, ParkedError, RetryableError, UnreadableAnswerError } from '../errors.ts';
import type { Governor } from '../governor/governor.ts';
import { withoutPeopleAndTokens } from '../redact.ts';
import type { HttpResponse } from './http.ts';
import { FieldProblem } from './json.ts';

/** Whose answer to what: travels into every error made from it. */
export interface AnswerContext {
  readonly vendor: Vendor;
  readonly operation: string;
  readonly nowMs: number;
}

/** Gateways and maintenance answer with pages, whatever the content type says. */
export function isHtml(body: string): boolean {
  return /^\s*(<\?xml\b[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?<(!doctype\s+html|html|head|body|title)\b/i.test(body);
}

/** Neither empty nor JSON nor XML, as vendors answer: words of a gateway, such as `default backend - 404`. */
export function isForeign(body: string): boolean {
  return /^\s*[^\s<{[]/.test(body);
}

const QUOTED_LENGTH = 500;
/** More than enough to quote from; the rest of a page of megabytes is not even looked at. */
const READ_LENGTH = 8 * QUOTED_LENGTH;

/**
 * A vendor's own words, fit for errors and logs: at most 500 characters, without addresses, tokens and what could
 * lead a terminal astray. */
export function quote(text: string): string {
  return withoutPeopleAndTokens(text.slice(0, READ_LENGTH))
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, QUOTED_LENGTH);
}

/**
 * Reads a successful answer with `read`. Rejects with `UnreadableAnswerError` when a member cannot be read;
 * after a 201 that means the write is done and only its ids are lost.
 */
export function understand<T>(context: AnswerContext, response: HttpResponse, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FieldProblem)) throw cause;
    throw new UnreadableAnswerError(`${context.operation}: the answer cannot be read: ${cause.message}`, {
      vendor: context.vendor,
      operation: context.operation,
      status: response.status,
      applied: response.status === 201 ? 'done' : 'unknown',
      field: cause.field,
      cause,
    });
  }
}

/** Trouble on the vendor's side: it may or may not have applied the request. */
export function serverTrouble(
  context: AnswerContext,
  response: HttpResponse,
  details: { code?: number | string | undefined; message?: string } = {},
): RetryableError {
  const waitMs = retryAfterMs(response.headers, context.nowMs);
  const what = details.message || (isHtml(response.body) ? 'an HTML page' : quote(response.body));
  return new RetryableError(`${context.operation}: HTTP ${response.status}${what ? `: ${what}` : ''}`, {
    vendor: context.vendor,
    operation: context.operation,
    status: response.status,
    code: details.code,
    applied: response.status === 201 ? 'done' : 'unknown',
    notBeforeMs: waitMs === undefined ? undefined : context.nowMs + waitMs,
    hint: isRedirect(response.status) ? 'redirects are not followed: check base_url' : undefined,
  });
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Tells the governor when the vendor, by this error, asked not to be called for a while. */
export function parkFor(governor: Governor, error: unknown): void {
  if (error instanceof ParkedError) governor.park(error.reason, error.untilMs);
  else if (error instanceof RetryableError && error.notBeforeMs !== undefined) {
    governor.park('rate', error.notBeforeMs);
  }
}

/** How long a vendor that refused our credentials is left alone. */
const AUTH_PAUSE = 5 * MINUTE;

/** Credentials were refused and asking again at once would change nothing. */
export function parkRefusedCredentials(governor: Governor, error: unknown, nowMs: number): void {
  if (error instanceof AuthError) governor.park('auth', nowMs + AUTH_PAUSE);
}

/** The longest quota of any vendor counts 30 days: who asks to wait longer is believed so far. */
const LONGEST_WAIT_MS = 31 * DAY;

/**
 * `Retry-After` in milliseconds from now, at most 31 days: seconds or an HTTP date; undefined when absent or
 * unreadable.
 */
export function retryAfterMs(headers: HttpResponse['headers'], nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(LONGEST_WAIT_MS, Math.ceil(Number(text) * 1000));
  // Anything else that begins like a number is none: Date.parse would take "-5" for a year.
  const at = /^[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  return Math.min(LONGEST_WAIT_MS, Math.max(0, at - vendorNowMs(headers, nowMs)));
}

/** The time at the vendor, by the `Date` of its answer, so that an error of our clock does not matter; else ours. */
export function vendorNowMs(headers: HttpResponse['headers'], nowMs: number): number {
  const toldMs = Date.parse(headers.date ?? '');
  return Number.isNaN(toldMs) ? nowMs : toldMs;
}
