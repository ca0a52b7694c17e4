/** Request bodies: JSON in, checked shapes out, 400 for anything else (vendor sheet §2.1, §6). */
import type { Exchange } from '../kernel/exchange.ts';
import { readJson } from '../kernel/exchange.ts';
import type { FieldValue } from './model.ts';
import { Refusal } from './refusal.ts';

export type Attributes = Readonly<Record<string, unknown>>;

export interface Application {
  readonly fields: ReadonlyMap<string, FieldValue | null>;
  /** referrer and utm_*. */
  readonly tracking: Readonly<Record<string, string | null>>;
  /** `attributes.email`, which the schema does not have. */
  readonly flatEmail: string | null;
}

const TRACKING = ['referrer', 'utm_source', 'utm_medium', 'utm_term', 'utm_content', 'utm_campaign'] as const;

/** The body as JSON; undefined when its type or text is not JSON. */
export function readBody(exchange: Exchange): unknown {
  return /^application\/(vnd\.api\+)?json\b/.test(exchange.headers['content-type'] ?? '')
    ? readJson(exchange)
    : undefined;
}

/** `data.attributes` of a body whose `data.type` is this one. */
export function attributesOf(body: unknown, type: string): Attributes {
  const resource = isRecord(body) ? body.data : undefined;
  if (!isRecord(resource)) throw new Refusal(400, "The request body must be JSON with a 'data' member");
  if (resource.type !== type) throw new Refusal(400, `data.type must be '${type}'`);
  if (!isRecord(resource.attributes)) throw new Refusal(400, 'data.attributes is missing');
  return resource.attributes;
}

export function readApplication(attributes: Attributes): Application {
  return {
    fields: readFields(attributes.fields ?? []),
    tracking: Object.fromEntries(TRACKING.map((name) => [name, textOrNull(attributes[name])])),
    flatEmail: textOrNull(attributes.email),
  };
}

function readFields(list: unknown): ReadonlyMap<string, FieldValue | null> {
  if (!Array.isArray(list)) throw new Refusal(400, 'fields must be a list');
  const fields = new Map<string, FieldValue | null>();
  for (const field of list) {
    const { id, value } = isRecord(field) ? field : {};
    if (typeof id !== 'string' || !isFieldValue(value)) {
      throw new Refusal(400, "Each field needs an 'id' and a 'value'");
    }
    fields.set(id, value);
  }
  return fields;
}

function isFieldValue(value: unknown): value is FieldValue | null {
  if (value === null || typeof value === 'string') return true;
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
