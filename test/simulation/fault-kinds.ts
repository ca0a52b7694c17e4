import { errors } from 'undici';
import { FAULT_KINDS, type FaultRule } from '../../src/sandbox/kernel/faults.ts';
import { ENDPOINTS, type Endpoint, type Vendor } from './endpoints.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** One way in which a request goes wrong. */
export interface FaultKind {
  readonly name: string;
  /** Where it can happen; everywhere when absent. */
  readonly at?: (endpoint: Endpoint) => boolean;
  readonly play:
    | { readonly by: 'sandbox'; readonly rule: Pick<FaultRule, 'kind' | 'reply'> }
    /** The error that the client sees, before or after the vendor has applied the request. */
    | { readonly by: 'network'; readonly moment: 'sent' | 'applied'; readonly error: () => Error };
  /** So long the vendor must not be called after it. */
  readonly retryAfterMs?: number;
  /** So long the daemon may leave the vendor alone after it. */
  readonly pauseMs?: number;
}

const ON_THE_WIRE: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== 'status').map((kind) => ({
  name: kind,
  play: { by: 'sandbox', rule: { kind } },
}));

function network(name: string, moment: 'sent' | 'applied', code: string, message: string): FaultKind {
  return { name, play: { by: 'network', moment, error: () => Object.assign(new Error(message), { code }) } };
}

/** Not sent at all, or closed without a word. */
const ON_THE_WAY: readonly FaultKind[] = [
  network('connect_refused', 'sent', 'ECONNREFUSED', 'connect ECONNREFUSED'),
  network('name_not_found', 'sent', 'ENOTFOUND', 'getaddrinfo ENOTFOUND'),
  network('connect_timeout', 'sent', 'UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout Error'),
  network('certificate_expired', 'sent', 'CERT_HAS_EXPIRED', 'certificate has expired'),
  {
    name: 'closed_before',
    play: { by: 'network', moment: 'sent', error: () => new errors.SocketError('other side closed') },
  },
  {
    name: 'closed_after',
    play: { by: 'network', moment: 'applied', error: () => new errors.SocketError('other side closed') },
  },
  {
    name: 'garbage_after',
    play: { by: 'network', moment: 'applied', error: () => new Error('Invalid response status') },
  },
];

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly html?: string;
  readonly retryAfterSeconds?: number;
  readonly pauseMs?: number;
}

function answered(vendor: Vendor | 'any', name: string, answer: Answer, at?: FaultKind['at']): FaultKind {
  const { status, body, html, retryAfterSeconds, pauseMs } = answer;
  const headers: Record<string, string> = { 'content-type': html ? 'text/html' : 'application/json' };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  const reply = { status, headers, body: html ?? JSON.stringify(body ?? {}) };
  return {
    name,
    at: (endpoint) => (vendor === 'any' || endpoint.vendor === vendor) && (at?.(endpoint) ?? true),
    play: { by: 'sandbox', rule: { kind: 'status', reply } },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * SECOND }),
    ...(pauseMs === undefined ? {} : { pauseMs }),
  };
}

const GATEWAY = '<html><head><title>504 Gateway Time-out</title></head><body>nginx</body></html>';

const BY_ANYBODY: readonly FaultKind[] = [
  answered('any', 'gateway_504', { status: 504, html: GATEWAY }),
  answered('any', 'timeout_408', { status: 408 }),
];

function livestormError(status: number, slug: string, detail: string): { errors: readonly unknown[] } {
  return { errors: [{ title: slug, detail, code: String(status), status: slug }] };
}

/** livestorm.md §2.4, §3. */
const BY_LIVESTORM: readonly FaultKind[] = [
  answered('livestorm', 'throttled_1_s', {
    status: 429,
    body: livestormError(429, 'too_many_requests', 'Throttle limit reached'),
    retryAfterSeconds: 1,
  }),
  answered('livestorm', 'throttled_2_min', {
    status: 429,
    body: livestormError(429, 'too_many_requests', 'Throttle limit reached'),
    retryAfterSeconds: 120,
  }),
  answered('livestorm', 'token_refused_401', {
    status: 401,
    body: livestormError(401, 'unauthorized', 'The API token is missing or invalid'),
    pauseMs: 5 * MINUTE,
  }),
  answered(
    'livestorm',
    'allowance_402',
    {
      status: 402,
      body: livestormError(402, 'payment_required', 'You have reached the active contacts allowance'),
      pauseMs: 60 * MINUTE,
    },
    ({ label }) => label.startsWith('POST'),
  ),
];

function pardot(name: string, status: number, code: number, more: Partial<Answer> = {}): FaultKind {
  return answered('pardot', name, { status, body: { code, message: name }, ...more });
}

/** pardot.md §9, §10. */
const BY_PARDOT: readonly FaultKind[] = [
  pardot('concurrency_66', 400, 66),
  pardot('concurrency_66_as_429', 429, 66, { retryAfterSeconds: 90 }),
  pardot('conflict_62', 400, 62),
  pardot('internal_183', 400, 183),
  pardot('query_timeout_202', 400, 202),
  pardot('api_timeout_214', 400, 214),
  pardot('token_expired_184', 401, 184, { pauseMs: 5 * MINUTE }),
  pardot('daily_limit_122', 400, 122, { pauseMs: 60 * MINUTE }),
];

const isToken: FaultKind['at'] = ({ label }) => label.includes('/oauth2/');
const isRest: FaultKind['at'] = ({ label }) => !label.includes('/oauth2/');

function salesforce(name: string, status: number, errorCode: string, pauseMs?: number): FaultKind {
  const body = [{ message: name, errorCode }];
  return answered('salesforce', name, { status, body, ...(pauseMs ? { pauseMs } : {}) }, isRest);
}

function grant(name: string, error: string, description: string, pauseMs: number): FaultKind {
  const body = { error, error_description: description };
  return answered('salesforce', name, { status: 400, body, pauseMs }, isToken);
}

/** salesforce.md §2.1, §2.5. */
const BY_SALESFORCE: readonly FaultKind[] = [
  salesforce('limit_exceeded_403', 403, 'REQUEST_LIMIT_EXCEEDED', 15 * MINUTE),
  salesforce('row_locked_400', 400, 'UNABLE_TO_LOCK_ROW'),
  salesforce('row_locked_500', 500, 'UNABLE_TO_LOCK_ROW'),
  salesforce('session_expired_401', 401, 'INVALID_SESSION_ID', 5 * MINUTE),
  answered('salesforce', 'maintenance_503', {
    status: 503,
    html: '<html><body>Down for maintenance</body></html>',
  }),
  grant('grant_busy', 'invalid_grant', 'token request is already being processed', MINUTE),
  grant('grant_refused', 'invalid_grant', 'expired access/refresh token', 5 * MINUTE),
  grant('login_rate', 'rate_limit_exceeded', 'login rate exceeded', 5 * MINUTE),
];

export const FAULT_KINDS_OF_ALL: readonly FaultKind[] = [
  ...ON_THE_WIRE,
  ...ON_THE_WAY,
  ...BY_ANYBODY,
  ...BY_LIVESTORM,
  ...BY_PARDOT,
  ...BY_SALESFORCE,
];

/** One field of the table: this going wrong there. */
export interface Cell {
  readonly endpoint: Endpoint;
  readonly kind: FaultKind;
}

export const CELLS: readonly Cell[] = ENDPOINTS.flatMap((endpoint) =>
  FAULT_KINDS_OF_ALL.filter(({ at }) => at?.(endpoint) ?? true).map((kind) => ({ endpoint, kind })),
);

export function nameOf({ endpoint, kind }: Cell): string {
  return `${kind.name} × ${endpoint.label}`;
}
