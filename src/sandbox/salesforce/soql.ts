import { type FieldSpec, findField, type ObjectSpec } from './fields.ts';
import { invalidField, malformedQuery, RestError } from './rest-error.ts';

type Literal = string | boolean | null;

interface Condition {
  readonly field: FieldSpec;
  readonly operator: '=' | '!=' | '>' | '>=' | '<' | '<=';
  readonly value: Literal;
}

/** The part of SOQL that the sandbox speaks: `SELECT … FROM … [WHERE … AND …] [LIMIT n]`. */
export interface Query<O extends ObjectSpec = ObjectSpec> {
  readonly object: O;
  readonly fields: readonly FieldSpec[];
  readonly conditions: readonly Condition[];
  /** Infinity when the query names none. */
  readonly limit: number;
}

const QUERY =
  /^\s*SELECT\s+(?<fields>[\w\s,]+?)\s+FROM\s+(?<object>\w+)(?:\s+WHERE\s+(?<where>.+?))?(?:\s+LIMIT\s+(?<limit>\d+))?\s*$/is;
const CONDITION =
  /\s*(?<name>\w+)\s*(?<operator>!=|>=|<=|=|>|<)\s*(?:'(?<text>(?:[^'\\]|\\.)*)'|(?<bare>[\w:.+-]+))\s*(?<and>AND\b|$)/iy;

/** A record in the shape the API shows it. */
export type ShownRecord = Readonly<Record<string, unknown>>;

export interface QueryResult {
  readonly totalSize: number;
  readonly done: true;
  readonly records: readonly ShownRecord[];
}

/**
 * Throws `RestError`: MALFORMED_QUERY, INVALID_TYPE or INVALID_FIELD (salesforce.md §2.5).
 * @param objects what can be queried.
 */
export function parseQuery<O extends ObjectSpec>(soql: string, objects: readonly O[]): Query<O> {
  const parts = QUERY.exec(soql)?.groups;
  if (!parts) throw malformedQuery(`unexpected token: ${soql.trim().slice(0, 40)}`);
  const object = objects.find(({ name }) => name.toLowerCase() === parts.object?.toLowerCase());
  if (!object) {
    throw new RestError(400, 'INVALID_TYPE', `sObject type '${parts.object}' is not supported.`);
  }
  return {
    object,
    fields: (parts.fields ?? '').split(',').map((name) => findField(object, name.trim())),
    conditions: parseConditions(parts.where, object),
    limit: parts.limit === undefined ? Number.POSITIVE_INFINITY : Number(parts.limit),
  };
}

/** The records that meet every condition, with the fields asked for. */
export function select({ fields, conditions, limit }: Query, records: readonly ShownRecord[]): QueryResult {
  const found = records
    .filter((record) => conditions.every((condition) => holds(condition, record[condition.field.name])))
    .slice(0, limit)
    .map((record) => pick(record, ['attributes', ...fields.map(({ name }) => name)]));
  return { totalSize: found.length, done: true, records: found };
}

export function pick(record: ShownRecord, names: readonly string[]): ShownRecord {
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

function parseConditions(where: string | undefined, object: ObjectSpec): Condition[] {
  const conditions: Condition[] = [];
  if (where === undefined) return conditions;
  CONDITION.lastIndex = 0;
  for (let more = true; more; ) {
    const parts = CONDITION.exec(where)?.groups;
    if (!parts) throw malformedQuery(`unexpected token in WHERE: ${where.slice(0, 40)}`);
    conditions.push(toCondition(parts, object));
    more = parts.and !== '';
  }
  return conditions;
}

function toCondition(parts: Record<string, string | undefined>, object: ObjectSpec): Condition {
  const field = findField(object, parts.name ?? '');
  if (!field.filterable) throw invalidField(`field '${field.name}' can not be filtered in a query call`);
  const operator = parts.operator as Condition['operator'];
  if (parts.bare?.toLowerCase() === 'null') return { field, operator, value: null };
  const quoted = parts.text !== undefined;
  const bareType = ['datetime', 'date', 'boolean', 'int'].includes(field.type);
  if (quoted === bareType) {
    const should = bareType ? 'should not be' : 'should be';
    throw invalidField(
      `value of filter criterion for field '${field.name}' must be of type ${field.type} and ${should} enclosed in quotes`,
    );
  }
  return { field, operator, value: toLiteral(field, parts.text ?? parts.bare ?? '') };
}

function toLiteral(field: FieldSpec, text: string): Literal {
  if (field.type === 'boolean') return text.toLowerCase() === 'true';
  if (field.type === 'datetime' && Number.isNaN(Date.parse(text))) {
    throw malformedQuery(`line 1: no viable alternative at '${text}'`);
  }
  return text.replaceAll(/\\(.)/g, '$1');
}

function holds({ field, operator, value }: Condition, actual: unknown): boolean {
  if (operator === '=' || operator === '!=') return same(field, actual, value) === (operator === '=');
  if (actual === null || value === null) return false;
  const [left, right] = [orderKey(field, actual), orderKey(field, value)];
  switch (operator) {
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
  }
}

function same(field: FieldSpec, actual: unknown, value: Literal): boolean {
  if (actual === null || value === null) return actual === value;
  return orderKey(field, actual) === orderKey(field, value);
}

/** Text compares without regard to case, ids by their first 15 characters, instants as instants. */
function orderKey(field: FieldSpec, value: unknown): string | number {
  if (field.type === 'datetime') return Date.parse(String(value));
  if (field.type === 'id' || field.type === 'reference') return String(value).slice(0, 15);
  return String(value).toLowerCase();
}
