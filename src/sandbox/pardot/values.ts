import { Failure } from './failure.ts';
import type { FieldSpec, FieldSpecs } from './fields.ts';
import type { PropertyValue } from './rows.ts';

/** What Pardot takes for an address, as far as anyone can tell. */
export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?)?$/;
const MAX_EMAIL_LENGTH = 255;

/**
 * A written value as it is stored. Custom fields store text; the type Number is validated (56), Date too (57).
 * pardot.md §3.1.
 */
export function storedValue(name: string, spec: FieldSpec, value: unknown): PropertyValue {
  if (value === null || value === '') return emptyValue(spec);
  switch (spec.type) {
    case 'integer':
      return readNumber(name, value, Number.isInteger);
    case 'float':
      return readNumber(name, value, Number.isFinite);
    case 'boolean':
      return readBoolean(name, value);
    case 'email':
      return readEmail(value);
    case 'strings':
      return readTexts(name, value);
    case 'number':
      return readText(name, value, (text) => NUMBER.test(text), 56);
    case 'date':
    case 'datetime':
      return readText(name, value, isDate, 57);
    case 'string':
      return readText(name, value, () => true, 154);
  }
}

function emptyValue(spec: FieldSpec): PropertyValue {
  if (spec.type === 'email') throw new Failure(4);
  return null;
}

function readNumber(name: string, value: unknown, fits: (value: number) => boolean): number {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !fits(number)) throw new Failure(56, name);
  return number;
}

function readBoolean(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Failure(50, name);
}

function readEmail(value: unknown): string {
  if (typeof value !== 'string' || !EMAIL.test(value) || value.length > MAX_EMAIL_LENGTH)
    throw new Failure(4);
  return value;
}

function readText(name: string, value: unknown, fits: (text: string) => boolean, code: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new Failure(154, name);
  const text = String(value);
  if (!fits(text)) throw new Failure(code, name);
  return text;
}

/** An array, or one text with `;` between the values as imports have it. */
function readTexts(name: string, value: unknown): readonly string[] {
  const parts: unknown = typeof value === 'string' ? value.split(';') : value;
  if (!Array.isArray(parts)) return [readText(name, value, () => true, 154)];
  return parts.map((part) => readText(name, part, () => true, 154).trim());
}

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text)) && isCalendarDay(text.slice(0, 10));
}

/** `Date.parse` lets 31 February pass as 3 March in some forms. */
function isCalendarDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** All properties of a checked body as they are stored. */
export function storedValues(body: Readonly<Record<string, unknown>>, specs: FieldSpecs): StoredValues {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const spec = specs[name];
      return spec ? [[name, storedValue(name, spec, value)]] : [];
    }),
  );
}

export type StoredValues = Readonly<Record<string, PropertyValue>>;
