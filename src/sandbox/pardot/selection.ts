import { type Call, type Collection, fieldValue } from './collection.ts';
import { Failure } from './failure.ts';
import type { FieldSpec, FieldSpecs } from './fields.ts';
import type { PardotSwitches } from './switches.ts';
import type { BaseRow } from './table.ts';
import { renderInstant } from './time.ts';

const MAX_HOPS = 3;
const REDACTED = '202;Record(s) have been redacted from output due to access rules';

/** The asked fields of one object, and of the objects it leads to. */
export interface Selection {
  readonly collection: Collection;
  readonly fields: Map<string, FieldSpec>;
  readonly related: Map<string, { readonly by: string; readonly selection: Selection }>;
}

/**
 * Resolves `id,prospect.email,…` against a collection. Failure 180 for unknown fields, and on queries 224 for
 * those that only single reads return. pardot.md §2.2.
 */
export function select(
  call: Call,
  collection: Collection,
  names: readonly string[],
  onQuery: boolean,
): Selection {
  const root: Selection = { collection, fields: new Map(), related: new Map() };
  const tables = new Map<Collection, FieldSpecs>();
  const unknown: string[] = [];
  const notQueryable: string[] = [];
  for (const name of names) {
    const path = name.split('.');
    const field = path.pop() ?? '';
    const owner = path.length > MAX_HOPS ? undefined : walk(call, root, path);
    const specs = owner && fieldsOf(call, owner.collection, tables);
    const spec = specs && Object.hasOwn(specs, field) ? specs[field] : undefined;
    if (!owner || !spec) unknown.push(name);
    else if (onQuery && spec.notQueryable) notQueryable.push(name);
    else owner.fields.set(field, spec);
  }
  if (unknown.length > 0) throw new Failure(180, unknown.join(', '));
  if (notQueryable.length > 0) throw new Failure(224, notQueryable.join(', '));
  return root;
}

/** The names in a `fields` parameter; Failure 13 when there are none. */
export function fieldNames(text: string | null): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  if (given.length === 0) throw new Failure(13, 'fields');
  return given;
}

function fieldsOf(call: Call, collection: Collection, known: Map<Collection, FieldSpecs>): FieldSpecs {
  const fields = known.get(collection) ?? collection.fields(call.state);
  known.set(collection, fields);
  return fields;
}

function walk(call: Call, root: Selection, path: readonly string[]): Selection | undefined {
  let here = root;
  for (const step of path) {
    const relation = Object.hasOwn(here.collection.relations, step)
      ? here.collection.relations[step]
      : undefined;
    const collection = relation && call.collections.get(relation.to);
    if (!collection) return undefined;
    const selection: Selection = here.related.get(step)?.selection ?? {
      collection,
      fields: new Map(),
      related: new Map(),
    };
    here.related.set(step, { by: relation.by, selection });
    here = selection;
  }
  return here;
}

export type ReadFrom = 'replica' | 'primary';

/** One row as JSON; related rows are objects, null where there is none. */
export function render(
  call: Call,
  selection: Selection,
  row: BaseRow,
  from: ReadFrom,
): Record<string, unknown> {
  const { state } = call;
  const { collection } = selection;
  const redacted = collection.isRedacted?.(state) ?? false;
  if (redacted) call.warnings.add(REDACTED);
  const json: Record<string, unknown> = {};
  for (const [field, spec] of selection.fields) {
    const value = redacted && field !== 'id' ? null : fieldValue(state, collection, row, field, spec);
    json[field] = spell(value, spec, state.switches);
  }
  for (const [name, { by, selection: next }] of selection.related) {
    const id = fieldValue(state, collection, row, by, { type: 'integer', writable: false });
    const rows = next.collection.rows(state);
    const target = typeof id !== 'number' ? undefined : from === 'replica' ? rows.view(id) : rows.get(id);
    json[name] = target && !redacted ? render(call, next, target, from) : null;
  }
  return json;
}

function spell(value: unknown, spec: FieldSpec, switches: PardotSwitches): unknown {
  if (spec.type === 'datetime' && typeof value === 'number')
    return renderInstant(value, switches.userTimeZone);
  if (typeof value === 'boolean' && switches.booleansAsStrings) return String(value);
  return value;
}
