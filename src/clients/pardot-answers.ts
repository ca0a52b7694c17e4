import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../clock.ts';
import { AuthError, ParkedError, RefusedError, RetryableError, type VendorError } from '../errors.ts';
import type { Allowance } from '../governor/governor.ts';
import { type AnswerContext, isForeign, isHtml, quote, retryAfterMs, serverTrouble } from './answers.ts';
import type { HttpResponse } from './http.ts';
import { objectOrNull, parseObject, textOrNull } from './json.ts';

/** The vendor names no wait for 66 and no hour for 122 (pardot.md §9, §10). */
const PROBE_INTERVAL_MS = HOUR;
const UNEXPLAINED_429_MS = MINUTE;
/** Its longest limit counts a day. */
const LONGEST_PAUSE_MS = DAY;

const TRANSIENT_CODES: ReadonlySet<number> = new Set([62, 183, 202, 214]);

const PERMISSION_HINT =
  'give the API user the ability for this operation in Account Engagement (Administrator has them all)';
const NO_API_HINT = 'this Account Engagement edition or user has no API access: Growth or higher has';
const SSO_HINT =
  'the API user must be synced into this business unit, and the connected app needs the scope pardot_api';

/** What a person can do about a refusal that concerns the account (pardot.md §1.4, §10). */
export const AUTH_HINTS: ReadonlyMap<number, string> = new Map([
  [1, SSO_HINT],
  [15, SSO_HINT],
  [46, PERMISSION_HINT],
  [49, `access denied: check base_url and business_unit_id, and that ${SSO_HINT}`],
  [53, 'activate the IP address of this machine for the API user'],
  [76, NO_API_HINT],
  [118, 'this account works at another host: check base_url'],
  [126, SSO_HINT],
  [131, 'the API user is locked: unlock it in Account Engagement'],
  [181, 'set pardot.business_unit_id'],
  [182, 'pardot.business_unit_id is malformed: 18 characters, beginning with 0Uv'],
  [184, `Pardot refused even a fresh token: ${SSO_HINT}`],
  [199, SSO_HINT],
  [
    201,
    'business unit not found: check business_unit_id, and base_url (pi.pardot.com, for sandboxes and developer orgs pi.demo.pardot.com)',
  ],
  [203, 'the business unit has no administrator: name one in Account Engagement'],
  // The status, for answers without a code.
  [401, `Pardot refused even a fresh token: ${SSO_HINT}`],
]);

export interface PardotFailure {
  /** The vendor's own code; null when the answer carries none. */
  readonly code: number | null;
  /** The vendor's own words, addresses removed. */
  readonly message: string;
}

/** Calls left today, from `x-api-usage: used/limit` (pardot.md §1.2). */
export function readAllowance(headers: HttpResponse['headers']): Allowance {
  const usage = /^\s*(\d+)\D+(\d+)/.exec(headers['x-api-usage'] ?? '');
  if (!usage) return {};
  const limit = Number(usage[2]);
  return { limit, remaining: Math.max(0, limit - Number(usage[1])) };
}

/**
 * Gives back an answer of the 2xx kind; throws what any other one means (pardot.md §10).
 * @param random uniform in [0, 1): spreads the pauses that the vendor leaves to us.
 */
export function requireSuccess(
  context: AnswerContext,
  response: HttpResponse,
  random: Clock['random'],
): HttpResponse {
  const isSuccess = response.status >= 200 && response.status < 300;
  if (isSuccess && !isHtml(response.body) && !isOldFailure(response.body)) return response;
  throw failureOf(context, response, random);
}

/** Classes by the vendor's code, and by the status where there is no code. */
export function failureOf(
  context: AnswerContext,
  response: HttpResponse,
  random: Clock['random'],
): VendorError {
  const { status } = response;
  const { code, message } = readFailure(response.body);
  const details = { vendor: context.vendor, operation: context.operation, status, code: code ?? undefined };
  const text = `${context.operation}: HTTP ${status}${code === null ? '' : `, code ${code}`}: ${message}`;
  if (code === 122) return dailyLimit(context, text, details);
  if (code === 66 || status === 429) {
    const notBeforeMs = context.nowMs + pauseMs(context, response, code, random);
    return new RetryableError(text, { ...details, applied: 'not_applied', notBeforeMs });
  }
  if (concernsAccount(response, code)) {
    return new AuthError(text, { ...details, hint: AUTH_HINTS.get(code ?? status) ?? PERMISSION_HINT });
  }
  if (isTrouble(response, code)) return serverTrouble(context, response, { code: details.code, message });
  return new RefusedError(text, details);
}

function concernsAccount({ status, body }: HttpResponse, code: number | null): boolean {
  if (status === 401 || (code !== null && AUTH_HINTS.has(code))) return true;
  return status === 403 && code === null && !isHtml(body);
}

function dailyLimit(
  context: AnswerContext,
  message: string,
  details: ConstructorParameters<typeof RefusedError>[1],
): ParkedError {
  return new ParkedError(message, {
    ...details,
    reason: 'quota',
    untilMs: context.nowMs + PROBE_INTERVAL_MS,
    hint: `the business unit's calls of today are used up, by whichever integration; or: ${NO_API_HINT}`,
  });
}

/** Concurrency (66) passes in seconds; a bare 429 does not say what it limits. */
function pauseMs(
  context: AnswerContext,
  response: HttpResponse,
  code: number | null,
  random: Clock['random'],
): number {
  const askedMs = retryAfterMs(response.headers, context.nowMs);
  const ownMs = code === 66 ? SECOND + Math.floor(random() * 4 * SECOND) : UNEXPLAINED_429_MS;
  return Math.min(LONGEST_PAUSE_MS, Math.max(SECOND, askedMs ?? ownMs));
}

/** The vendor says why it refuses, and 404 says it by itself: any other answer comes from something in between. */
function isTrouble({ status, body }: HttpResponse, code: number | null): boolean {
  if (isHtml(body) || status === 408 || status >= 500) return true;
  if (code !== null) return TRANSIENT_CODES.has(code);
  if (body.trim() === '') return status !== 404;
  return status < 400 || isForeign(body);
}

/** Reads `{code, message}`, the older `{"@attributes", "err"}`, and XML; pages and empty answers have no code. */
export function readFailure(body: string): PardotFailure {
  const json = parseObject(body);
  if (json) {
    const code = Number(textOrNull(json.code) ?? textOrNull(objectOrNull(json['@attributes'])?.err_code));
    const message = textOrNull(json.message) ?? textOrNull(json.err) ?? body;
    return { code: Number.isInteger(code) && code > 0 ? code : null, message: quote(message) };
  }
  if (isHtml(body)) return { code: null, message: 'an HTML page' };
  const xml = /<err\b[^>]*\bcode="(\d+)"[^>]*>([^<]*)|<code>(\d+)<\/code>\s*(?:<message>([^<]*))?/i.exec(
    body,
  );
  if (!xml) return { code: null, message: quote(body) || 'an empty answer' };
  return { code: Number(xml[1] ?? xml[3]), message: quote(xml[2] ?? xml[4] ?? '') };
}

/** Older versions said no with HTTP 200: `<rsp stat="fail">`, `{"@attributes":{"stat":"fail"}}`. */
function isOldFailure(body: string): boolean {
  if (/^\s*(<\?xml[^>]*>\s*)?<rsp\b[^>]*\bstat="fail"/i.test(body)) return true;
  return body.includes('@attributes') && objectOrNull(parseObject(body)?.['@attributes'])?.stat === 'fail';
}
