import { jsonReply, type Reply } from '../kernel/exchange.ts';
import { checkProperties, readBody } from './body.ts';
import {
  type Call,
  type Collection,
  demandAbilities,
  isDeleted,
  PUBLIC_HOST,
  pathOf,
  property,
  type Writes,
} from './collection.ts';
import { Failure } from './failure.ts';
import { fieldNames, render, type Selection, select } from './selection.ts';
import type { BaseRow } from './table.ts';

const IN_RECYCLE_BIN = '201;Record In Recycle Bin';
const NO_CONTENT: Reply = { status: 204, headers: {}, body: '' };

/** `GET …/<id>`: 404 with a warning for the recycle bin, 304 when unchanged. pardot.md §1.2, §2.1. */
export function readRecord(call: Call, collection: Collection, id: number): Reply {
  const { query, headers } = call.exchange;
  const selection = select(call, collection, fieldNames(query.get('fields')), false);
  const row = collection.rows(call.state).view(id);
  if (!row) throw new Failure(109);
  if (collection.recycleBin && isDeleted(row)) throw new Failure(109, undefined, IN_RECYCLE_BIN);
  const changedAtMs = Number(property(row, 'updatedAtMs') ?? 0);
  const lastModified = { 'last-modified': new Date(changedAtMs).toUTCString() };
  const sinceMs = Date.parse(headers['if-modified-since'] ?? '');
  if (changedAtMs <= sinceMs) return { status: 304, headers: lastModified, body: '' };
  return jsonReply(200, render(call, selection, row, 'replica'), lastModified);
}

/** `POST`: 201 with `Location` and the asked fields, 204 when the creator may not read them. */
export function createRecord(call: Call, collection: Collection): Reply {
  const { state } = call;
  const writes = writesOf(collection);
  demandAbilities(state, collection.abilities.create);
  const body = writes.readCreate?.(call.exchange, state) ?? readBody(call.exchange);
  checkProperties(body, collection.fields(state), writes.required, writes.createOnly);
  const selection = selectionOf(call, collection);
  const id = writes.create(state, body, call.exchange);
  if (state.switches.createdUnreadable) return NO_CONTENT;
  const location = `${PUBLIC_HOST}${pathOf(collection)}/${id}`;
  const record = selection ? render(call, selection, rowOf(call, collection, id), 'primary') : {};
  return jsonReply(writes.createdStatus?.(state) ?? 201, record, { location });
}

/** `PATCH …/<id>`: leaves out what is left out; 219 in the recycle bin. pardot.md §3.1. */
export function updateRecord(call: Call, collection: Collection, id: number): Reply {
  const { state } = call;
  const { update } = writesOf(collection);
  if (!update) throw new Failure(60);
  demandAbilities(state, collection.abilities.create);
  const body = readBody(call.exchange);
  if (isDeleted(rowOf(call, collection, id))) throw new Failure(219);
  checkProperties(body, collection.fields(state));
  const selection = selectionOf(call, collection);
  update(state, id, body);
  return changedReply(call, collection, selection, id);
}

/** `DELETE …/<id>`: into the recycle bin. */
export function removeRecord(call: Call, collection: Collection, id: number): Reply {
  const { remove } = writesOf(collection);
  if (!remove) throw new Failure(60);
  demandAbilities(call.state, collection.abilities.remove);
  if (isDeleted(rowOf(call, collection, id))) throw new Failure(109, undefined, IN_RECYCLE_BIN);
  remove(call.state, id);
  return NO_CONTENT;
}

/** The answer to a write: the asked fields as the primary has them, 204 when none were asked. */
export function changedReply(
  call: Call,
  collection: Collection,
  selection: Selection | undefined,
  id: number,
  status = 200,
): Reply {
  if (!selection) return NO_CONTENT;
  return jsonReply(status, render(call, selection, rowOf(call, collection, id), 'primary'));
}

/** What the `fields` of a write ask for; undefined when it has none. */
export function selectionOf(
  call: Call,
  collection: Collection,
  names: readonly string[] = [],
): Selection | undefined {
  const text = call.exchange.query.get('fields');
  const asked = text === null ? names : fieldNames(text);
  return asked.length === 0 ? undefined : select(call, collection, asked, false);
}

function writesOf(collection: Collection): Writes {
  if (!collection.writes) throw new Failure(60);
  return collection.writes;
}

function rowOf(call: Call, collection: Collection, id: number): BaseRow {
  const row = collection.rows(call.state).get(id);
  if (!row) throw new Failure(109);
  return row;
}
