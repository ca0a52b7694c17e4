import { type Collection, fieldValue } from './collection.ts';
import { Failure } from './failure.ts';
import type { PardotState } from './state.ts';
import type { BaseRow } from './table.ts';

type SortValue = number | string | null;
/** The sort keys of a row: what a page token resumes after. */
export type SortKeys = Readonly<Record<string, SortValue>>;

const SORTABLE_ANYWAY = ['id', 'createdAt', 'updatedAt'];

export interface Order {
  keysOf(row: BaseRow): SortKeys;
  compare(a: SortKeys, b: SortKeys): number;
}

/** The order that `orderBy` asks for, ties broken by ascending id. Failure 19 or 20 when it cannot be had. */
export function readOrder(state: PardotState, collection: Collection, text: string): Order {
  const asked = text.split(',').flatMap((part) => readPart(state, collection, part.trim()));
  const parts = asked.some((part) => part.field === 'id') ? asked : [...asked, { field: 'id', sign: 1 }];
  const specs = collection.fields(state);
  const valueIn = (row: BaseRow, field: string): SortValue => {
    const spec = specs[field];
    return (spec ? fieldValue(state, collection, row, field, spec) : null) as SortValue;
  };
  return {
    keysOf: (row) => Object.fromEntries(parts.map(({ field }) => [field, valueIn(row, field)])),
    compare: (a, b) => {
      for (const { field, sign } of parts) {
        const difference = compareValues(a[field] ?? null, b[field] ?? null);
        if (difference !== 0) return difference * sign;
      }
      return 0;
    },
  };
}

function readPart(
  state: PardotState,
  collection: Collection,
  text: string,
): { field: string; sign: number }[] {
  if (text === '') return [];
  const [field = '', direction = 'ASC', ...rest] = text.split(/\s+/);
  if (!isSortable(state, collection, field)) throw new Failure(19, field);
  const sign = { ASC: 1, DESC: -1 }[direction.toUpperCase()];
  if (sign === undefined || rest.length > 0) throw new Failure(20, text);
  return [{ field, sign }];
}

function isSortable(state: PardotState, collection: Collection, field: string): boolean {
  if (collection.orderBy.includes(field)) return true;
  const unadvertised = collection.orderBy.length === 0 && SORTABLE_ANYWAY.includes(field);
  return unadvertised && state.switches.unadvertisedOrder === 'accepted';
}

/** Nothing comes before anything. */
function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
