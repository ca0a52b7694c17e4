import type { Exchange } from '../../kernel/exchange.ts';
import { Failure } from '../failure.ts';
import type { PardotState } from '../state.ts';
import { localDay } from '../time.ts';
import { parseCsv } from './csv.ts';
import { checkHeader } from './header.ts';
import type { ImportRow } from './model.ts';
import { type Part, readParts } from './multipart.ts';
import { isExpired, statusOf } from './status.ts';

const MAX_BATCHES = 10;
/** Exclusive. */
const BATCH_LIMIT_BYTES = 10_000_000;

/** The import, when it may still be changed; Failure 109 or 155. */
export function openImport(state: PardotState, id: number): ImportRow {
  const job = state.imports.get(id);
  if (!job) throw new Failure(109);
  const now = state.clock.now();
  if (statusOf(job, now) !== 'Open' || isExpired(job, now)) throw new Failure(155);
  return job;
}

/** The import with the rows of one uploaded file. Failures 160, 164 for limits, 162, 163, 204, 158 for the file. §8.1. */
export function withBatch(state: PardotState, job: ImportRow, exchange: Exchange): ImportRow {
  if (job.uploadedAtMs.length >= MAX_BATCHES) throw new Failure(160);
  if (batchesToday(state) >= state.switches.importBatchesPerDay) throw new Failure(164);
  const [header, ...rows] = parseCsv(readFile(state, exchange));
  if (!header) throw new Failure(159, 'no header');
  checkHeader(state, job, header);
  return {
    ...job,
    header,
    rows: [...job.rows, ...rows],
    uploadedAtMs: [...job.uploadedAtMs, state.clock.now()],
  };
}

/** The JSON text beside the file of a create. */
export function inputPart(state: PardotState, exchange: Exchange): Part | undefined {
  const names = { file: ['input'], importFile: ['importInput'], either: ['input', 'importInput'] };
  const accepted = names[state.switches.importParts];
  return readParts(exchange).find((part) => accepted.includes(part.name));
}

/** Whether the request carries a file at all; how its part is called is unknown, by switch. */
export function fileParts(state: PardotState, exchange: Exchange): Part[] {
  const { importParts } = state.switches;
  const accepted = importParts === 'either' ? ['file', 'importFile'] : [importParts];
  return readParts(exchange).filter((part) => accepted.includes(part.name));
}

function readFile(state: PardotState, exchange: Exchange): Buffer {
  const [file, ...more] = fileParts(state, exchange);
  if (!file) throw new Failure(162);
  if (more.length > 0) throw new Failure(163);
  if (file.content.length === 0) throw new Failure(204);
  if (file.content.length >= BATCH_LIMIT_BYTES) throw new Failure(158, 'a batch must be smaller than 10 MB');
  return file.content;
}

function batchesToday(state: PardotState): number {
  const { accountTimeZone } = state.switches;
  const today = localDay(state.clock.now(), accountTimeZone);
  const uploads = state.imports.rows().flatMap((job) => job.uploadedAtMs);
  return uploads.filter((atMs) => localDay(atMs, accountTimeZone) === today).length;
}
