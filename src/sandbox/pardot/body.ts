import { type Exchange, readJson } from '../kernel/exchange.ts';
import type { Body } from './collection.ts';
import { Failure } from './failure.ts';
import type { FieldSpecs } from './fields.ts';

/** The JSON object in the body; Failure 151, 152 or 150 when there is none. */
export function readBody(exchange: Exchange): Body {
  if (exchange.body.length === 0) throw new Failure(152);
  if (!/^application\/json\b/i.test(exchange.headers['content-type'] ?? '')) throw new Failure(151);
  const body = readJson(exchange);
  if (!isObject(body)) throw new Failure(150);
  return body;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Failure 154 for properties that are unknown or read-only, 153 for missing ones. */
export function checkProperties(
  body: Body,
  specs: FieldSpecs,
  required: readonly string[] = [],
  alsoWritable: readonly string[] = [],
): void {
  for (const name of Object.keys(body)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec?.writable && !alsoWritable.includes(name)) throw new Failure(154, name);
  }
  const missing = required.filter((name) => body[name] === undefined || body[name] === null);
  if (missing.length > 0) throw new Failure(153, missing.join(', '));
}
