import { type Exchange, jsonReply, type Reply } from '../../kernel/exchange.ts';
import { isObject, readBody } from '../body.ts';
import { type Body, type Call, type Collection, PUBLIC_HOST, pathOf } from '../collection.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS, writable } from '../fields.ts';
import { fileParts, inputPart, openImport, withBatch } from '../imports/batches.ts';
import type { ImportRow } from '../imports/model.ts';
import { isMultipart } from '../imports/multipart.ts';
import { readOptions } from '../imports/options.ts';
import { isExpired, statusOf } from '../imports/status.ts';
import type { PardotState } from '../state.ts';

const IMPORT = ['Prospect > Prospects > Import'];

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('string', 'operation object batchesRef errorRef'),
  ...writable('string', 'status'),
  ...readOnly('boolean', 'isExpired'),
  ...readOnly('integer', 'createdCount updatedCount errorCount'),
};

/** pardot.md §8.1: create, upload batches, submit, poll, read the errors. */
export const imports: Collection = {
  name: 'imports',
  outsideObjects: true,
  fields: () => FIELDS,
  relations: {
    createdBy: { to: 'users', by: 'createdById' },
    updatedBy: { to: 'users', by: 'updatedById' },
  },
  filters: { id: 'range', createdAt: 'range', updatedAt: 'range' },
  orderBy: ['id', 'createdAt', 'updatedAt'],
  recycleBin: false,
  abilities: { view: IMPORT, create: IMPORT },
  rows: (state) => state.imports,
  derive: (state, row, field) => derived(state, row as ImportRow, field),
  writes: {
    required: ['operation', 'object'],
    createOnly: ['operation', 'object', 'createOnNoMatch', 'restoreDeleted', 'fields'],
    readCreate: readInput,
    create: createImport,
    update: (state, id, body) => {
      const job = submitted(state, openImport(state, id), body.status);
      state.imports.update(id, { ...job, ...state.touch() });
    },
  },
  subResources: {
    batches: { method: 'POST', abilities: IMPORT, run: upload },
    errors: { method: 'GET', abilities: IMPORT, run: readErrors },
  },
};

function derived(state: PardotState, job: ImportRow, field: string): unknown {
  const now = state.clock.now();
  const { result } = job;
  switch (field) {
    case 'status':
      return statusOf(job, now);
    case 'isExpired':
      return isExpired(job, now);
    case 'batchesRef':
      return statusOf(job, now) === 'Open' ? reference(state, job, 'batches') : null;
    case 'errorRef':
      return result?.errorCsv && !isExpired(job, now) ? reference(state, job, 'errors') : null;
    case 'createdCount':
    case 'updatedCount':
    case 'errorCount':
      return result?.[field] ?? null;
    default:
      return undefined;
  }
}

function reference(state: PardotState, job: ImportRow, name: string): string {
  const path = `${pathOf(imports)}/${job.id}/${name}`;
  return state.switches.importRefs === 'url' ? PUBLIC_HOST + path : path;
}

/** JSON alone, or beside a first batch. */
function readInput(exchange: Exchange, state: PardotState): Body {
  if (!isMultipart(exchange)) return readBody(exchange);
  const input = inputPart(state, exchange);
  if (!input) throw new Failure(153, 'input');
  const body = parse(input.content.toString('utf8'));
  if (!isObject(body)) throw new Failure(150);
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nothing is written before batch and status have been accepted. */
function createImport(state: PardotState, body: Body, exchange: Exchange): number {
  const blank: ImportRow = {
    id: state.imports.nextId(),
    ...state.stamp(),
    ...readOptions(state, body),
    header: null,
    rows: [],
    uploadedAtMs: [],
    readyAtMs: null,
    dueAtMs: null,
    result: null,
  };
  const hasFile = isMultipart(exchange) && fileParts(state, exchange).length > 0;
  const filled = hasFile ? withBatch(state, blank, exchange) : blank;
  const staysOpen = body.status === undefined || body.status === 'Open';
  return state.imports.insert(staysOpen ? filled : submitted(state, filled, body.status)).id;
}

/** Ready is the only status that a client may give; 161 for others, 156 without rows. */
function submitted(state: PardotState, job: ImportRow, status: unknown): ImportRow {
  if (status !== 'Ready') throw new Failure(161, String(status));
  if (job.rows.length === 0) throw new Failure(156);
  const readyAtMs = state.clock.now();
  return { ...job, readyAtMs, dueAtMs: readyAtMs + state.switches.importDurationMs };
}

function upload(call: Call, id: number): Reply {
  const { state, exchange } = call;
  const filled = withBatch(state, openImport(state, id), exchange);
  state.imports.update(id, { ...filled, ...state.touch() });
  const status = state.switches.importBatchStatus;
  return status === 204 ? { status, headers: {}, body: '' } : jsonReply(status, {});
}

/** As far as reads show the import; 161 before it is complete, 109 without errors or after its time. */
function readErrors(call: Call, id: number): Reply {
  const { state } = call;
  const job = state.imports.view(id);
  if (!job) throw new Failure(109);
  if (!job.result) throw new Failure(161);
  const { errorCsv } = job.result;
  if (errorCsv === null || isExpired(job, state.clock.now())) throw new Failure(109);
  return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body: errorCsv };
}
