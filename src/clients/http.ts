import type { Dispatcher } from 'undici';
import { request } from 'undici';
import type { Clock } from '../clock.ts';
import type { Vendor } from '../domain.ts';
import { type Applied, RetryableError } from '../errors.ts';
import { concealer } from '../redact.ts';
import { FOREIGN_ORIGIN } from './allowed-origins.ts';
import { announcing } from './announcing.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For errors and logs: the route with ids and addresses left out. */
  readonly operation: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface HttpOptions extends ExchangeOptions {
  readonly vendor: Vendor;
}

const NOT_SENT = new Set([
  FOREIGN_ORIGIN,
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
]);

/** Certificates that are not trusted, in the spellings of OpenSSL and Node. */
const NOT_TRUSTED = /^(ERR_TLS_|CERT_|UNABLE_TO_)|_CERT/;

/** Whether the error proves that no request reached the vendor: DNS, connect and TLS (salesforce.md §7). */
export function provesNotSent(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (NOT_SENT.has(code) || NOT_TRUSTED.test(code));
}

/**
 * Sends one request and reads the whole answer under one deadline. Never retries, never follows a redirect,
 * hands out every status as it is; what the request authorised itself with is taken out of the answer. Rejects with `RetryableError` that says what the failure proves.
 */
export async function sendHttp(
  options: HttpOptions,
  req: HttpRequest,
  signal: AbortSignal,
  onSent?: () => void,
): Promise<HttpResponse> {
  let status = 0;
  const onStatus = (seen: number) => {
    status = seen;
  };
  try {
    return await exchange(options, req, signal, { onStatus, ...(onSent && { onSent }) });
  } catch (error) {
    throw transportError(options.vendor, req.operation, status, error);
  }
}

interface Listeners {
  /** Called when the request leaves, perhaps not at all when it fails. */
  readonly onSent?: () => void;
  /** Hears of the status before the body is read. */
  readonly onStatus?: (status: number) => void;
}

/** As `sendHttp`, for whoever is no vendor: rejects with the failure as it is. */
export async function exchange(
  options: ExchangeOptions,
  req: HttpRequest,
  signal: AbortSignal,
  { onSent, onStatus }: Listeners = {},
): Promise<HttpResponse> {
  const response = await request(req.url, {
    method: req.method,
    headers: { 'user-agent': 'livestorm-pardot', ...req.headers },
    body: req.body ?? null,
    dispatcher: onSent ? announcing(options.dispatcher, onSent) : options.dispatcher,
    signal: AbortSignal.any([signal, options.clock.deadline(options.timeoutMs)]),
  });
  const status = response.statusCode;
  onStatus?.(status);
  const body = await readText(response.body, options.maxBytes);
  return { status, headers: flatten(response.headers), body: withoutCredentials(status, body, req) };
}

/** Of an answer that becomes an error: whoever answers may quote the request, and the error is kept and shown. */
function withoutCredentials(status: number, body: string, { headers }: HttpRequest): string {
  const [, token] = /^(?:\w+ )?(.*)$/s.exec(headers.authorization ?? '') ?? [];
  if (!token || (status >= 200 && status < 300 && !body.includes(token))) return body;
  return concealer([token])(body);
}

async function readText(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw Object.assign(new Error(`the answer exceeds ${maxBytes} bytes`), { code: 'ANSWER_TOO_LARGE' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function transportError(vendor: Vendor, operation: string, status: number, cause: unknown): RetryableError {
  const applied = whatItProves(status, cause);
  const code = (cause as { code?: string } | null)?.code;
  return new RetryableError(`${operation}: the connection failed (${describeFailure(cause)})`, {
    vendor,
    operation,
    status: status || undefined,
    code: typeof code === 'string' ? code : undefined,
    applied,
    cause,
  });
}

function whatItProves(status: number, cause: unknown): Applied {
  if (status >= 200 && status < 300) return 'done';
  if (status === 0 && provesNotSent(cause)) return 'not_applied';
  return 'unknown';
}

/** A failed connection in a word; never with an address in it. */
export function describeFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown failure';
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' ? code : cause.name;
}
