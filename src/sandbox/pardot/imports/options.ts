import { isObject } from '../body.ts';
import type { Body } from '../collection.ts';
import { Failure } from '../failure.ts';
import type { PardotState } from '../state.ts';
import { storedValue } from '../values.ts';
import type { ColumnOptions, ImportRow } from './model.ts';

/** What a create says about an import; Failure 154 or 50 for what it may not say. pardot.md §8.1. */
export function readOptions(
  state: PardotState,
  body: Body,
): Pick<ImportRow, 'operation' | 'object' | 'createOnNoMatch' | 'restoreDeleted' | 'options'> {
  const { operation, object, fields = [] } = body;
  if (operation !== 'Upsert') throw new Failure(154, 'operation');
  if (object !== 'Prospect') throw new Failure(154, 'object');
  if (!Array.isArray(fields)) throw new Failure(154, 'fields');
  const options = fields.map((entry) => readColumn(state, entry));
  return {
    operation,
    object,
    createOnNoMatch: flag(body, 'createOnNoMatch', state.switches.importCreateOnNoMatch),
    restoreDeleted: flag(body, 'restoreDeleted', false),
    options: new Map(options),
  };
}

/** Which property holds the column's name is unknown, by switch. */
function readColumn(state: PardotState, entry: unknown): [string, ColumnOptions] {
  if (!isObject(entry)) throw new Failure(154, 'fields');
  const { importFieldKey: key } = state.switches;
  const name = key === 'either' ? (entry.field ?? entry.name) : entry[key];
  if (typeof name !== 'string') throw new Failure(197, `fields[].${key === 'either' ? 'field' : key}`);
  const overwrite = flag(entry, 'overwrite', true);
  return [name, { overwrite, nullOverwrite: flag(entry, 'nullOverwrite', true) }];
}

function flag(body: Body, name: string, standard: boolean): boolean {
  const value = body[name];
  if (value === undefined) return standard;
  return storedValue(name, { type: 'boolean', writable: true }, value) === true;
}
