import { type Call, emailKey } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import { type AnswerContext, quote, understand } from './answers.ts';
import { csvFile, readCsv } from './csv.ts';
import type { HttpResponse } from './http.ts';
import {
  countOrNull,
  FieldProblem,
  isAbsent,
  type JsonObject,
  objectOrNull,
  readFlag,
  requireBody,
  requireId,
  requireText,
  textOrNull,
} from './json.ts';
import { fileForm } from './multipart.ts';
import { PAGE_SIZE, readKeyset, readPage } from './pardot-paging.ts';
import { readInstant } from './pardot-shapes.ts';
import { type PardotOptions, PardotWire, type Route } from './pardot-wire.ts';

/** A column of an import, and what it does to prospects that exist. */
export interface ImportColumn {
  readonly name: string;
  /** Whether a field that has a value gets another. Blank cells never empty a field. */
  readonly overwrite: boolean;
}

export interface NewImport {
  /** Every column of the rows; exactly one is `matchEmail` or `matchId`. */
  readonly columns: readonly ImportColumn[];
  readonly createOnNoMatch: boolean;
}

export interface ImportReading {
  /** `waiting` is also what a status is that this version has not heard of. */
  readonly status: 'open' | 'waiting' | 'complete' | 'failed';
  readonly isExpired: boolean;
  /** The vendor's time. */
  readonly createdAtMs: number;
  /** null while it is not told. */
  readonly errorCount: number | null;
}

/** A row that was not applied. */
export interface ImportErrorRow {
  /** What its match column holds. */
  readonly match: string;
  /** The vendor's words, addresses removed. */
  readonly message: string;
}

export interface ListMember {
  readonly prospectId: number;
  readonly email: string;
  /** The vendor's time; null when it is not told. */
  readonly createdAtMs: number | null;
}

/** A batch must stay below 10 MB (pardot.md §8.1); the rest is for the form around it. */
export const MAX_BATCH_BYTES = 9_500_000;

const STATUSES: ReadonlyMap<string, ImportReading['status']> = new Map([
  ['open', 'open'],
  ['complete', 'complete'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** Unknown, and learned from the first refusal: how an option names its column, how the file's part is called. */
const COLUMN_KEYS = ['field', 'name'] as const;
const FILE_PARTS = ['file', 'importFile'] as const;
const BAD_COLUMN_KEY: readonly unknown[] = [153, 154, 165, 197];
const BAD_FILE_PART: readonly unknown[] = [153, 154, 162];

/**
 * Imports of Account Engagement (pardot.md §8.1): thousands of prospects in a handful of calls. Errors as in
 * `PardotClient`, except that a missing ability is a `RefusedError`: single calls can do the same.
 */
export class PardotImportsClient {
  readonly #wire: PardotWire;
  #columnKeys: readonly string[] = COLUMN_KEYS;
  #fileParts: readonly string[] = FILE_PARTS;

  constructor(options: PardotOptions) {
    this.#wire = new PardotWire(options);
  }

  /** An open import, which does nothing yet. The id is null when it was made but may not be read (204). */
  async create({ columns, createOnNoMatch }: NewImport, call: Call): Promise<{ id: number | null }> {
    const { used, result } = await firstAccepted(this.#columnKeys, BAD_COLUMN_KEY, (key) => {
      const fields = columns.map(({ name, overwrite }) => ({ [key]: name, overwrite, nullOverwrite: false }));
      const body = {
        operation: 'Upsert',
        object: 'Prospect',
        createOnNoMatch,
        restoreDeleted: false,
        fields,
      };
      return this.#wire.ask(
        { ...route('POST', ''), query: { fields: 'id' }, body: JSON.stringify(body) },
        call,
        (context, response) => ({ id: readId(context, response) }),
      );
    });
    this.#columnKeys = [used];
    return result;
  }

  /** Adds a batch; header and rows in the order of `columns`. Twice the same batch makes every row count twice. */
  async upload(
    id: number,
    { columns }: Pick<NewImport, 'columns'>,
    rows: Iterable<readonly string[]>,
    call: Call,
  ): Promise<void> {
    const csv = csvFile(under(columns, rows));
    const { used } = await firstAccepted(this.#fileParts, BAD_FILE_PART, (part) => {
      const form = fileForm(part, 'prospects.csv', csv, 'text/csv');
      return this.#wire.ask(
        { ...route('POST', `/${id}/batches`), query: {}, ...form },
        call,
        () => undefined,
      );
    });
    this.#fileParts = [used];
  }

  /** No more batches: the vendor begins when it likes. */
  async submit(id: number, call: Call): Promise<void> {
    const body = JSON.stringify({ status: 'Ready' });
    await this.#wire.ask(
      { ...route('PATCH', `/${id}`), query: { fields: 'id' }, body },
      call,
      () => undefined,
    );
  }

  read(id: number, call: Call): Promise<ImportReading> {
    const query = { fields: 'id,status,isExpired,createdAt,errorCount' };
    return this.#wire.ask({ ...route('GET', `/${id}`), query }, call, (context, response) =>
      understand(context, response, () => readImport(requireBody(response.body))),
    );
  }

  /** The rows of a complete import that were not applied. The vendor keeps them for 7 days. */
  errorRows(id: number, matchColumn: string, call: Call): Promise<ImportErrorRow[]> {
    const asked: Route = { ...route('GET', `/${id}/errors`), query: {}, accept: 'text/csv' };
    return this.#wire.ask(asked, call, (context, response) =>
      understand(context, response, () => readErrors(response.body, matchColumn)),
    );
  }

  /** Who is on a list, of those with one of these keys; every page is read, only they are kept (pardot.md §3.3). */
  async membersOf(listId: number, emailKeys: ReadonlySet<string>, call: Call): Promise<ListMember[]> {
    const readRow = (row: JsonObject): ListMember | null => {
      const member = readMember(row, listId);
      return member && emailKeys.has(emailKey(member.email)) ? member : null;
    };
    return readKeyset((afterId) => {
      const asked: Route = {
        method: 'GET',
        path: '/objects/list-memberships',
        operation: 'GET /list-memberships',
        query: {
          fields: 'id,listId,prospectId,isDeleted,prospect.email,prospect.createdAt,prospect.isDeleted',
          listId: String(listId),
          idGreaterThan: String(afterId),
          orderBy: 'id',
          limit: String(PAGE_SIZE),
        },
        optional: true,
      };
      return this.#wire.ask(asked, call, (context, response) =>
        understand(context, response, () => readPage(response.body, afterId, readRow)),
      );
    });
  }
}

function* under(
  columns: readonly ImportColumn[],
  rows: Iterable<readonly string[]>,
): Generator<readonly string[]> {
  yield columns.map(({ name }) => name);
  yield* rows;
}

function route(
  method: Route['method'],
  path: string,
): Pick<Route, 'method' | 'path' | 'operation' | 'optional'> {
  const operation = `${method} /imports${path.replace(/\d+/, '{id}')}`;
  return { method, path: `/imports${path}`, operation, optional: true };
}

/** Tries one spelling after the other, as long as the refusal may be about the spelling. */
async function firstAccepted<T>(
  spellings: readonly string[],
  aboutSpelling: readonly unknown[],
  attempt: (spelling: string) => Promise<T>,
): Promise<{ used: string; result: T }> {
  const [used = '', ...others] = spellings;
  try {
    return { used, result: await attempt(used) };
  } catch (error) {
    const isSpelling = error instanceof RefusedError && aboutSpelling.includes(error.code);
    if (!isSpelling || others.length === 0) throw error;
    return await firstAccepted(others, aboutSpelling, attempt);
  }
}

function readId(context: AnswerContext, response: HttpResponse): number | null {
  if (response.status === 204) return null;
  return understand(context, response, () => requireId(requireBody(response.body).id, 'id'));
}

function readImport(row: JsonObject): ImportReading {
  return {
    status: STATUSES.get(requireText(row.status, 'status').toLowerCase()) ?? 'waiting',
    isExpired: readFlag(row.isExpired, 'isExpired'),
    createdAtMs: readInstant(row.createdAt, 'createdAt'),
    errorCount: countOrNull(row.errorCount, 'errorCount'),
  };
}

/** How the column of messages is called is unknown; it is taken to be the last. */
function readErrors(body: string, matchColumn: string): ImportErrorRow[] {
  const [header, ...records] = readCsv(body) ?? [];
  const at = header?.findIndex((name) => name.trim().toLowerCase() === matchColumn.toLowerCase()) ?? -1;
  if (at === -1) throw new FieldProblem(matchColumn, 'is no column of the error file');
  return records.map((record) => ({
    match: (record[at] ?? '').trim(),
    message: quote(record.at(-1) ?? ''),
  }));
}

function readMember(row: JsonObject, listId: number): ListMember | null {
  const prospect = objectOrNull(row.prospect);
  const email = textOrNull(prospect?.email);
  const isGone = readFlag(row.isDeleted, 'isDeleted') || readFlag(prospect?.isDeleted, 'prospect.isDeleted');
  if (email === null || isGone || requireId(row.listId, 'listId') !== listId) return null;
  return {
    prospectId: requireId(row.prospectId, 'prospectId'),
    email,
    createdAtMs: isAbsent(prospect?.createdAt)
      ? null
      : readInstant(prospect?.createdAt, 'prospect.createdAt'),
  };
}
