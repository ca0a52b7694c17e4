import {
  countOrNull,
  FieldProblem,
  type JsonObject,
  requireArray,
  requireBody,
  requireObject,
  requireText,
} from './json.ts';

/** The vendor's maximum (livestorm.md §2.2). */
export const PAGE_SIZE = 50;

export interface Page<T> {
  /** By resource id. */
  readonly rows: ReadonlyMap<string, T>;
  /** How many rows the whole list has; null when the vendor did not say. */
  readonly recordCount: number | null;
  /** null on the last page. */
  readonly nextPage: number | null;
}

export interface Listing<T> {
  readonly rows: readonly T[];
  /** False when even a second reading did not yield as many rows as the vendor counts. */
  readonly complete: boolean;
}

/** One page of a list answer; `FieldProblem` when it, or one of its rows, cannot be read. */
export function readPage<T>(body: string, number: number, readRow: (resource: JsonObject) => T): Page<T> {
  const answer = requireBody(body);
  const meta = requireObject(answer.meta, 'meta');
  const rows = requireArray(answer.data, 'data').map((row) => requireObject(row, 'data[]'));
  return {
    rows: new Map(rows.map((row) => [requireText(row.id, 'data[].id'), readRow(row)])),
    recordCount: countOrNull(meta.record_count, 'meta.record_count'),
    nextPage: rows.length === 0 ? null : readNextPage(meta, number),
  };
}

/** `next_page`, or what `page_count` implies where an answer does not know `next_page`. */
function readNextPage(meta: JsonObject, number: number): number | null {
  if (meta.next_page === undefined) {
    const pages = countOrNull(meta.page_count, 'meta.page_count');
    if (pages === null) throw new FieldProblem('meta.next_page', 'is missing');
    return number + 1 < pages ? number + 1 : null;
  }
  const next = countOrNull(meta.next_page, 'meta.next_page');
  if (next !== null && next <= number) throw new FieldProblem('meta.next_page', 'does not go forward');
  return next;
}

/**
 * Reads a list to its end. Lists drift while they are paged and have no order to rely on (livestorm.md §2.2), so
 * the distinct ids are compared with the vendor's count, and the list is read a second time when they differ.
 *
 * @param fetch gives one page by its 0-based number, null when the list ends before it.
 */
export async function readListing<T>(
  fetch: (number: number) => Promise<Page<T> | null>,
): Promise<Listing<T>> {
  const first = await readOnce(fetch);
  if (first.complete) return { rows: [...first.rows.values()], complete: true };
  const second = await readOnce(fetch);
  if (second.complete) return { rows: [...second.rows.values()], complete: true };
  const both = new Map([...first.rows, ...second.rows]);
  return { rows: [...both.values()], complete: both.size === second.recordCount };
}

interface Reading<T> {
  readonly rows: ReadonlyMap<string, T>;
  readonly recordCount: number | null;
  readonly complete: boolean;
}

async function readOnce<T>(fetch: (number: number) => Promise<Page<T> | null>): Promise<Reading<T>> {
  const rows = new Map<string, T>();
  let recordCount: number | null = null;
  let number: number | null = 0;
  while (number !== null) {
    const page: Page<T> | null = await fetch(number);
    if (!page) break;
    const before = rows.size;
    for (const [id, row] of page.rows) rows.set(id, row);
    recordCount = page.recordCount;
    number = page.nextPage;
    // Going in circles, by drift or without end: each page costs a call.
    if (number !== null && rows.size === before) return { rows, recordCount, complete: false };
  }
  return { rows, recordCount, complete: recordCount === null || rows.size === recordCount };
}
