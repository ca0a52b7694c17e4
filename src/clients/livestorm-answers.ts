import { DAY, HOUR, SECOND } from '../clock.ts';
import { AuthError, ParkedError, RefusedError, RetryableError, type VendorError } from '../errors.ts';
import type { Allowance } from '../governor/governor.ts';
import {
  type AnswerContext,
  isForeign,
  isHtml,
  quote,
  retryAfterMs,
  serverTrouble,
  vendorNowMs,
} from './answers.ts';
import type { HttpResponse } from './http.ts';
import { objectOrNull, parseObject, textOrNull } from './json.ts';

const DEFAULT_BACKOFF_MS = 2 * SECOND;
/** Contacts come free again when the plan changes: nothing to gain from asking more often. */
const ALLOWANCE_PAUSE_MS = HOUR;
/** The quota period is 30 days: whatever names a later time is a mistake. */
const LONGEST_PAUSE_MS = 31 * DAY;
/** A burst limit counts one second; who asks for more than this speaks of the monthly quota. */
const LONGEST_BURST_MS = HOUR;

/** The monthly quota as the headers tell it, in either of the vendor's spellings (livestorm.md §3). */
export function readAllowance(headers: HttpResponse['headers'], nowMs: number): Allowance {
  const limit = count(headers['ratelimit-monthly-limit'] ?? headers['ratelimit-montly-limit']);
  const remaining = count(headers['ratelimit-monthly-remaining'] ?? headers['ratelimit-montly-remaining']);
  const resetAtMs = readReset(headers, nowMs);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
  };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** `RateLimit-Reset` in seconds, milliseconds or ISO 8601, by our clock; undefined when absent, past or absurd. */
function readReset(headers: HttpResponse['headers'], nowMs: number): number | undefined {
  const text = headers['ratelimit-reset']?.trim();
  if (!text) return undefined;
  const number = Number(text);
  const atMs = Number.isNaN(number) ? Date.parse(text) : number < 1e11 ? number * 1000 : number;
  const waitMs = atMs - vendorNowMs(headers, nowMs);
  return waitMs > 0 && waitMs <= LONGEST_PAUSE_MS ? nowMs + waitMs : undefined;
}

/** Gives back an answer of the 2xx kind; throws what any other one means (livestorm.md §2.4, §3). */
export function requireSuccess(context: AnswerContext, response: HttpResponse): HttpResponse {
  if (response.status < 200 || response.status > 299 || isHtml(response.body)) {
    throw failureOf(context, response);
  }
  return response;
}

/** What an answer that is no success means, classed by how one recovers from it. */
export function failureOf(context: AnswerContext, response: HttpResponse): VendorError {
  const { status } = response;
  const details = { vendor: context.vendor, operation: context.operation, status };
  const message = `${context.operation}: HTTP ${status}: ${messageOf(response.body)}`;
  if (status === 429) return throttled(context, response, message);
  if (status === 401 || (status === 403 && !isHtml(response.body))) {
    return new AuthError(message, { ...details, hint: authHint(status) });
  }
  const isElsewhere = isHtml(response.body) || (status === 404 && isForeign(response.body));
  if (status < 400 || status >= 500 || status === 408 || isElsewhere) return serverTrouble(context, response);
  if (status === 402) return allowanceExhausted(context, message);
  return new RefusedError(message, details);
}

function authHint(status: number): string {
  return status === 401
    ? 'the Livestorm API token is wrong or was revoked: create one with scope Events: write and put it in place'
    : 'the Livestorm API token lacks scope Events: write, or the workspace is blocked or not validated';
}

function allowanceExhausted(context: AnswerContext, message: string): ParkedError {
  return new ParkedError(message, {
    vendor: context.vendor,
    operation: context.operation,
    status: 402,
    reason: 'allowance',
    untilMs: context.nowMs + ALLOWANCE_PAUSE_MS,
    hint: "the monthly active-contacts allowance of the Livestorm plan is used up: upgrade it or wait for the plan's next month",
  });
}

/** Nothing was applied. The burst limit passes in seconds, the monthly quota at its reset. */
function throttled(context: AnswerContext, response: HttpResponse, message: string): VendorError {
  const { nowMs } = context;
  const details = { vendor: context.vendor, operation: context.operation, status: response.status };
  const waitMs = retryAfterMs(response.headers, nowMs);
  const { remaining, resetAtMs } = readAllowance(response.headers, nowMs);
  if (remaining === 0 || (waitMs ?? 0) > LONGEST_BURST_MS) {
    const resumeAtMs = Math.max(resetAtMs ?? 0, nowMs + (waitMs ?? 0));
    return new ParkedError(message, {
      ...details,
      reason: 'quota',
      untilMs: resumeAtMs > nowMs ? Math.min(resumeAtMs, nowMs + LONGEST_PAUSE_MS) : nowMs + HOUR,
      hint: 'the monthly API quota of the Livestorm workspace is used up, by whichever integration',
    });
  }
  const notBeforeMs = nowMs + Math.max(SECOND, waitMs ?? DEFAULT_BACKOFF_MS);
  return new RetryableError(message, { ...details, applied: 'not_applied', notBeforeMs });
}

/** The vendor's own words for what went wrong (livestorm.md §2.3), addresses removed. */
export function messageOf(body: string): string {
  const parsed = parseObject(body);
  const errors = Array.isArray(parsed?.errors) ? parsed.errors : [];
  const first = objectOrNull(errors[0]);
  const text =
    textOrNull(first?.detail) ??
    textOrNull(first?.title) ??
    textOrNull(parsed?.message) ??
    textOrNull(parsed?.error);
  if (text !== null) return quote(text);
  return isHtml(body) ? 'an HTML page' : quote(body) || 'an empty answer';
}
