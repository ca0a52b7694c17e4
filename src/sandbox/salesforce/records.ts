import { type Exchange, type Reply, readJson } from '../kernel/exchange.ts';
import { RestError } from './rest-error.ts';

/** The JSON object that a create or update must send. */
export function readBody(exchange: Exchange): Record<string, unknown> {
  if (!(exchange.headers['content-type'] ?? '').includes('json')) {
    throw new RestError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type header specified is not supported');
  }
  const body = readJson(exchange);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw new RestError(400, 'JSON_PARSER_ERROR', 'Unexpected character at [line:1, column:1]');
}

/** What a create or upsert answers. */
export function saved(id: string): { id: string; success: boolean; errors: readonly never[] } {
  return { id, success: true, errors: [] };
}

export function noContent(): Reply {
  return { status: 204, headers: {}, body: '' };
}
