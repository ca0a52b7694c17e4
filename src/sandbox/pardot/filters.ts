import { type Collection, fieldValue } from './collection.ts';
import { Failure } from './failure.ts';
import type { FieldSpec, FieldSpecs } from './fields.ts';
import { sameEmail } from './prospects.ts';
import type { PardotState } from './state.ts';
import type { BaseRow } from './table.ts';
import { parseInstant } from './time.ts';

export type RowTest = (row: BaseRow) => boolean;
/** A filter parameter as it came: name with suffix, and value. */
export type FilterText = readonly [name: string, value: string];

type Compare = (value: number, bound: number) => boolean;
const AT_LEAST: Compare = (value, bound) => value >= bound;
const ABOVE: Compare = (value, bound) => value > bound;
const AT_MOST: Compare = (value, bound) => value <= bound;
const BELOW: Compare = (value, bound) => value < bound;

const MAX_FIELDS = 3;
const NUMBER_SUFFIXES: Readonly<Record<string, Compare>> = {
  GreaterThanOrEqualTo: AT_LEAST,
  GreaterThan: ABOVE,
  LessThanOrEqualTo: AT_MOST,
  LessThan: BELOW,
};
const TIME_SUFFIXES: Readonly<Record<string, Compare>> = {
  AfterOrEqualTo: AT_LEAST,
  After: ABOVE,
  BeforeOrEqualTo: AT_MOST,
  Before: BELOW,
};

interface Filter {
  readonly field: string;
  readonly spec: FieldSpec;
  /** undefined: equality. */
  readonly compare: Compare | undefined;
}

/** Whether a query parameter is a documented filter of the collection. */
export function isFilter(state: PardotState, collection: Collection, name: string): boolean {
  return name === 'idList'
    ? collection.idList === true
    : find(collection, collection.fields(state), name) !== undefined;
}

/** One test for all filters together; Failure 209 beyond three distinct fields. pardot.md §2.2. */
export function rowTest(state: PardotState, collection: Collection, filters: readonly FilterText[]): RowTest {
  const specs = collection.fields(state);
  const fields = new Set<string>();
  const tests = filters.map(([name, value]): RowTest => {
    if (name === 'idList' && collection.idList) {
      fields.add('id');
      const ids = new Set(value.split(',').map((id) => readInteger('idList', id)));
      return (row) => ids.has(row.id);
    }
    const filter = find(collection, specs, name);
    if (!filter) throw new Failure(5, name);
    fields.add(filter.field);
    return test(state, collection, filter, value);
  });
  if (fields.size > MAX_FIELDS) throw new Failure(209);
  return (row) => tests.every((passes) => passes(row));
}

function find(collection: Collection, specs: FieldSpecs, name: string): Filter | undefined {
  for (const [field, kind] of Object.entries(collection.filters)) {
    const spec = specs[field];
    if (!spec || !name.startsWith(field)) continue;
    const suffix = name.slice(field.length);
    if (suffix === '') return { field, spec, compare: undefined };
    const suffixes = spec.type === 'datetime' ? TIME_SUFFIXES : NUMBER_SUFFIXES;
    if (kind === 'range' && Object.hasOwn(suffixes, suffix))
      return { field, spec, compare: suffixes[suffix] };
  }
  return undefined;
}

function test(state: PardotState, collection: Collection, filter: Filter, text: string): RowTest {
  const { field, spec, compare } = filter;
  const valueIn = (row: BaseRow): unknown => fieldValue(state, collection, row, field, spec);
  if (spec.type === 'email') return (row) => sameEmail(state, valueIn(row) as string | null, text);
  if (spec.type !== 'integer' && spec.type !== 'datetime') return (row) => valueIn(row) === text;
  const bound = spec.type === 'datetime' ? readInstant(state, field, text) : readInteger(field, text);
  if (!compare) return (row) => valueIn(row) === bound;
  return (row) => {
    const value = valueIn(row);
    return typeof value === 'number' && compare(value, bound);
  };
}

function readInteger(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text.trim())) throw new Failure(name.toLowerCase().startsWith('id') ? 16 : 51, name);
  return Number(text);
}

function readInstant(state: PardotState, name: string, text: string): number {
  const atMs = parseInstant(text, state.switches);
  if (atMs === undefined) throw new Failure(7, name);
  return atMs;
}
