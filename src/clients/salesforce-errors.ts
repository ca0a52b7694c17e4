import { MINUTE } from '../clock.ts';
import {
  type Applied,
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
  type VendorError,
} from '../errors.ts';
import { quote } from './answers.ts';
import { provesNotSent } from './http.ts';

/** One failed jsforce call. */
export interface Failure {
  /** e.g. `PATCH /sobjects/Campaign`; ids left out. */
  readonly operation: string;
  /** 0 when no status line came. */
  readonly status: number;
  readonly error: unknown;
  /** Takes what the request authorised itself with out of the vendor's words. */
  readonly conceal?: (text: string) => string;
}

/** How long to leave an org alone whose daily calls (any 24 hours) or long requests are used up: it does not say. */
const LIMIT_PARK_MS = 15 * MINUTE;

export const HINTS: Readonly<Record<string, string>> = {
  INVALID_SESSION_ID:
    'Salesforce refuses fresh tokens too: check session policies, login IP ranges and API Enabled of the API user.',
  API_DISABLED_FOR_ORG: 'The API is not available: check the edition and API Enabled of the API user.',
  API_CURRENTLY_DISABLED: 'The API is not available: check the edition and API Enabled of the API user.',
  UNSUPPORTED_API_VERSION: 'Configure an API version that the org supports, 56.0 or later.',
  REQUIRED_FIELD_MISSING: 'A field is required on Campaign: give it a default value or make it optional.',
  STRING_TOO_LONG: 'A value is longer than the field allows.',
  INVALID_FIELD:
    'The field does not exist or the API user may not see it: create it and grant field-level security.',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'The API user may not write the field: grant field-level security.',
  NOT_FOUND:
    'The external id field does not exist or the API user may not see it: mark it External ID and grant field-level security.',
  MULTIPLE_CHOICES:
    'Several campaigns carry the same session id: keep one, and mark the external id field Unique.',
  DUPLICATE_VALUE: 'Another campaign carries the same value in a unique field.',
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: 'Add the value to the restricted picklist.',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'A validation rule on Campaign refuses the record: except the API user.',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:
    'An Apex trigger or flow on Campaign fails: see its error in Salesforce.',
  INSUFFICIENT_ACCESS:
    'Grant the API user create and edit on Campaign, and tick Marketing User on the user record.',
  INVALID_TYPE: 'The API user cannot see Campaign: grant access, and tick Marketing User on the user record.',
};

const SETUP_HINT =
  'The user of the API may not set this up, or the edition does not have it (Account Engagement Plus or higher does).';

/** For the Tooling API, whose refusals are not about Campaign (salesforce.md §6). */
const TOOLING_HINTS: Readonly<Record<string, string>> = {
  INSUFFICIENT_ACCESS: SETUP_HINT,
  INVALID_TYPE: SETUP_HINT,
  NOT_FOUND: SETUP_HINT,
};

/** How jsforce names an answer that it cannot read. */
const NOT_JSON = 'ERROR_HTTP_';

const ACCOUNT_CODES = new Set(['INVALID_SESSION_ID', 'API_DISABLED_FOR_ORG', 'API_CURRENTLY_DISABLED']);

/** Classes a failed REST call by its errorCode, never by status or text alone (salesforce.md §2.5, §7). */
export function apiError(failure: Failure, nowMs: number): VendorError {
  const answer = firstError(failure);
  if (!answer) return transportError(failure);
  const { operation, status } = failure;
  const { code } = answer;
  const message = `${operation}: ${code}${answer.text && `: ${answer.text}`}`;
  const options = { vendor: 'salesforce', operation, status, code, hint: hintFor(code, operation) } as const;
  if (code === 'REQUEST_LIMIT_EXCEEDED') {
    const hint = 'The org has used up its API calls; other integrations count too. Work goes on by itself.';
    return new ParkedError(message, { ...options, hint, reason: 'quota', untilMs: nowMs + LIMIT_PARK_MS });
  }
  if (ACCOUNT_CODES.has(code) || status === 401) return new AuthError(message, options);
  if (code === 'UNABLE_TO_LOCK_ROW' || status === 429) {
    return new RetryableError(message, { ...options, applied: 'not_applied' });
  }
  // Salesforce says in JSON why it refuses: anything else comes from something in between.
  if (status >= 500 || status === 408 || code.startsWith(NOT_JSON)) {
    return new RetryableError(message, { ...options, applied: 'unknown' });
  }
  return new RefusedError(message, options);
}

/** A call that ended without an answer to read. The cause's own texts may name hosts, never tokens. */
export function transportError({ operation, status, error }: Failure): RetryableError {
  const cause = (error as { cause?: unknown } | null)?.cause ?? error;
  const code = (cause as { code?: unknown } | null)?.code;
  const why = typeof code === 'string' ? code : reasonOf(cause);
  return new RetryableError(`${operation}: the connection failed (${why})`, {
    vendor: 'salesforce',
    operation,
    status: status || undefined,
    code: typeof code === 'string' ? code : undefined,
    hint:
      why === 'redirect refused' ? 'Redirects are not followed: configure the My Domain address.' : undefined,
    applied: whatItProves(status, cause),
    cause,
  });
}

/** A success whose body is not what it must be: whatever was asked for, happened. */
export function unreadable(operation: string, field: string): UnreadableAnswerError {
  return new UnreadableAnswerError(`${operation}: the answer cannot be read: "${field}"`, {
    vendor: 'salesforce',
    operation,
    applied: 'done',
    field,
  });
}

/** jsforce's own abort message names a timeout that is not ours. */
function reasonOf(cause: unknown): string {
  if (cause instanceof DOMException) return cause.name;
  return cause instanceof Error ? quote(cause.message) : 'unknown failure';
}

function whatItProves(status: number, cause: unknown): Applied {
  if (status >= 200 && status < 300) return 'done';
  if (status === 0 && provesNotSent(cause)) return 'not_applied';
  return 'unknown';
}

export const asItIs = (text: string): string => text;

/** By the vendor's word, which may be `constructor` as well. */
export function hintOf(hints: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(hints, word) ? hints[word] : undefined;
}

/** jsforce names a body that it cannot read `ERROR_HTTP_<status>` and gives it as the message: not for us. */
function firstError({ error, conceal = asItIs }: Failure): { code: string; text: string } | undefined {
  const quoted = (text: unknown): string => (typeof text === 'string' ? quote(conceal(text)) : '');
  const { errorCode, data, message } = (error ?? {}) as {
    errorCode?: unknown;
    data?: unknown;
    message?: unknown;
  };
  if (typeof errorCode !== 'string') return undefined;
  if (errorCode.startsWith(NOT_JSON)) return { code: errorCode, text: '' };
  if (errorCode === 'MULTIPLE_API_ERRORS' && Array.isArray(data)) {
    const first = data[0] as { errorCode?: unknown; message?: unknown } | undefined;
    if (typeof first?.errorCode === 'string')
      return { code: quoted(first.errorCode), text: quoted(first.message) };
  }
  return { code: quoted(errorCode), text: quoted(message) };
}

function hintFor(code: string, operation: string): string | undefined {
  const hints = operation.includes('/tooling/') ? { ...HINTS, ...TOOLING_HINTS } : HINTS;
  return hintOf(hints, code.startsWith('INSUFFICIENT_ACCESS') ? 'INSUFFICIENT_ACCESS' : code);
}
