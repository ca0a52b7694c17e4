/**
 * Reading vendors' JSON member by member. Vendors spell absence as null, '' or nothing, and numbers and booleans
 * sometimes as text; what cannot be read is named, never guessed.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A member that cannot be read. Clients turn it into an `UnreadableAnswerError`. */
export class FieldProblem extends Error {
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`"${field}" ${problem}`);
    this.field = field;
  }
}

/** The object that a body holds; null when it holds anything else. */
export function parseObject(body: string): JsonObject | null {
  try {
    return objectOrNull(JSON.parse(body));
  } catch {
    return null;
  }
}

/** The object that a body holds; a `FieldProblem` when it holds anything else. */
export function requireBody(body: string): JsonObject {
  const object = parseObject(body);
  if (!object) throw new FieldProblem('body', body === '' ? 'is empty' : 'is no JSON object');
  return object;
}

export function objectOrNull(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function requireObject(value: unknown, field: string): JsonObject {
  const object = objectOrNull(value);
  if (!object) throw new FieldProblem(field, `should be an object, is ${kindOf(value)}`);
  return object;
}

export function requireArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldProblem(field, `should be an array, is ${kindOf(value)}`);
  return value;
}

/** Non-empty text; numbers become text, so that ids may come either way. */
export function requireText(value: unknown, field: string): string {
  const text = textOrNull(value);
  if (text === null) throw new FieldProblem(field, `should be text, is ${kindOf(value)}`);
  return text;
}

/** Text or a number as text; null for everything else, '' included. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A number or numeric text; null, '' and absence are null; anything else is a `FieldProblem`. */
export function numberOrNull(value: unknown, field: string): number | null {
  if (isAbsent(value)) return null;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new FieldProblem(field, `should be a number, is ${kindOf(value)}`);
  }
  return number;
}

/** true, 'true', 1 and '1' are true; false, 'false', 0, '0', null, '' and absence are false. */
export function readFlag(value: unknown, field: string): boolean {
  if (isAbsent(value)) return false;
  const text = typeof value === 'object' ? '' : String(value).toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new FieldProblem(field, `should be true or false, is ${kindOf(value)}`);
}

/** How often or how long: a whole number from zero, rounded; null, '' and absence are null. */
export function countOrNull(value: unknown, field: string): number | null {
  const count = numberOrNull(value, field);
  if (count === null) return null;
  if (count < 0 || count > Number.MAX_SAFE_INTEGER) throw new FieldProblem(field, 'is no count');
  return Math.round(count);
}

/** The id of a row: a whole number above zero, that a double holds exactly. */
export function requireId(value: unknown, field: string): number {
  const id = idOrNull(value, field);
  if (id === null) throw new FieldProblem(field, 'is missing');
  return id;
}

/** As `requireId`; null, '', 0 and absence are null. */
export function idOrNull(value: unknown, field: string): number | null {
  const id = numberOrNull(value, field);
  if (id === null || id === 0) return null;
  if (!Number.isSafeInteger(id) || id < 0) throw new FieldProblem(field, 'is no id');
  return id;
}

/** Texts and numbers of a list, as texts; whatever else stands in it is left out. */
export function textsOf(values: readonly unknown[]): string[] {
  return values.flatMap((value) => (typeof value === 'boolean' ? String(value) : (textOrNull(value) ?? [])));
}

/** What `Date` can hold; null beyond. */
export function instantWithin(epochMs: number): number | null {
  return Math.abs(epochMs) <= LATEST_INSTANT_MS ? epochMs : null;
}

const LATEST_INSTANT_MS = 8.64e15;

export function isAbsent(value: unknown): value is null | undefined | '' {
  return value === null || value === undefined || value === '';
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === '') return 'empty';
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
}
