import { Failure } from '../failure.ts';
import { joinList, leaveList, membershipOf, staticList } from '../memberships.ts';
import { createThroughApi, updateThroughApi } from '../prospect-writes.ts';
import type { Values } from '../prospects.ts';
import type { List, Prospect } from '../rows.ts';
import type { PardotState } from '../state.ts';
import { LIST_COLUMNS, MATCH_COLUMNS, type MatchColumn } from './header.ts';
import { findMatch } from './match.ts';
import type { ColumnOptions, ImportRow } from './model.ts';

const MAX_LISTS = 20;
const STANDARD: ColumnOptions = { overwrite: true, nullOverwrite: true };

/** One row by column name. */
type Cells = Readonly<Record<string, string>>;

/** What applies one row of an import: an upsert and list changes, or a Failure that says why not. §8.1. */
export function rowImporter(
  state: PardotState,
  job: ImportRow,
): (cells: readonly string[]) => 'created' | 'updated' {
  const header = job.header ?? [];
  const matchColumn = MATCH_COLUMNS.find((name) => header.includes(name)) ?? 'matchEmail';
  const notFields: readonly string[] = [...MATCH_COLUMNS, ...LIST_COLUMNS];
  const fields = header.filter((name) => !notFields.includes(name));
  return (values) => {
    if (values.length !== header.length) throw new Failure(159, 'the row has another number of columns');
    const cells: Cells = Object.fromEntries(header.map((name, i) => [name, values[i]?.trim() ?? '']));
    const [added, removed] = LIST_COLUMNS.map((name) => readLists(state, cells[name] ?? ''));
    const match = findMatch(state, job, matchColumn, cells[matchColumn] ?? '');
    const prospect = match
      ? update(state, match, changes(state, job, match, cells, fields))
      : create(state, matchColumn, cells, fields);
    for (const list of added ?? []) join(state, list, prospect);
    for (const list of removed ?? []) leave(state, list, prospect);
    return match ? 'updated' : 'created';
  };
}

function update(state: PardotState, match: Prospect, values: Values): Prospect {
  const isUntouched = Object.keys(values).length === 0 && !match.isDeleted;
  return isUntouched ? match : updateThroughApi(state, match, values, 'import');
}

/** Options count for existing prospects only; the address is the matched one unless a column gives another. */
function create(
  state: PardotState,
  matchColumn: MatchColumn,
  cells: Cells,
  fields: readonly string[],
): Prospect {
  const given = fields.filter((name) => cells[name] !== '').map((name) => [name, cells[name]]);
  const match = matchColumn === 'matchEmail' && cells.matchEmail ? { email: cells.matchEmail } : {};
  const values: Values = { ...match, ...Object.fromEntries(given) };
  if (values.email === undefined) throw new Failure(4);
  return createThroughApi(state, values, 'import');
}

/** What the options let through. A blank address never replaces one. */
function changes(
  state: PardotState,
  job: ImportRow,
  before: Prospect,
  cells: Cells,
  fields: readonly string[],
): Values {
  const fillsEmpty = state.switches.importOverwriteOff === 'fills_empty';
  const written = fields.filter((name) => {
    const { overwrite, nullOverwrite } = job.options.get(name) ?? STANDARD;
    if (cells[name] === '' && (name === 'email' || !nullOverwrite)) return false;
    return overwrite || (fillsEmpty && isEmpty(before, name));
  });
  return Object.fromEntries(written.map((name) => [name, cells[name]]));
}

function isEmpty(prospect: Prospect, name: string): boolean {
  const { email, campaignId, values } = prospect;
  const all: Values = { ...values, email, campaignId };
  return (all[name] ?? null) === null;
}

/** Ids separated by `;`, as other multiple values are. */
function readLists(state: PardotState, text: string): List[] {
  const ids = text.split(';').flatMap((id) => (id.trim() === '' ? [] : [Number(id)]));
  if (ids.length > MAX_LISTS) throw new Failure(55, `more than ${MAX_LISTS} lists`);
  return ids.map((id) => staticList(state, id));
}

/** A member stays one. */
function join(state: PardotState, list: List, prospect: Prospect): void {
  const membership = membershipOf(state, list.id, prospect.id);
  if (!membership || membership.isDeleted) joinList(state, list.id, prospect.id);
}

function leave(state: PardotState, list: List, prospect: Prospect): void {
  const membership = membershipOf(state, list.id, prospect.id);
  if (membership && !membership.isDeleted) leaveList(state, membership);
}
