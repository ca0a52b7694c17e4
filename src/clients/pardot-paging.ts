import {
  FieldProblem,
  isAbsent,
  type JsonObject,
  requireArray,
  requireBody,
  requireId,
  requireObject,
} from './json.ts';

/** The vendor's maximum (pardot.md §2.2). */
export const PAGE_SIZE = 1000;

export interface Page<T> {
  /** Ascending by id. */
  readonly rows: readonly T[];
  /** Where the next page begins, exclusive; null after the last page. */
  readonly resumeAfterId: number | null;
}

/**
 * One page of rows with an id above `afterId`; `FieldProblem` when it, or one of its rows, cannot be read, or when
 * going on by its last id could miss rows.
 * @param readRow null for a row that does not matter.
 */
export function readPage<T>(body: string, afterId: number, readRow: (row: JsonObject) => T | null): Page<T> {
  const answer = requireBody(body);
  const values = requireArray(answer.values, 'values').map((value) => {
    const row = requireObject(value, 'values[]');
    return { row, id: requireId(row.id, 'id') };
  });
  const isLast = values.length === 0 || (values.length < PAGE_SIZE && isAbsent(answer.nextPageToken));
  if (!isLast) requireAscending([afterId, ...values.map(({ id }) => id)]);
  const ascending = values.filter(({ id }) => id > afterId).sort((a, b) => a.id - b.id);
  return {
    rows: ascending.map(({ row }) => readRow(row)).filter((row) => row !== null),
    resumeAfterId: isLast ? null : (ascending.at(-1)?.id ?? null),
  };
}

function requireAscending(ids: readonly number[]): void {
  if (ids.every((id, index) => id > (ids[index - 1] ?? -1))) return;
  throw new FieldProblem('id', 'does not ascend from page to page');
}

/**
 * Reads every page by id. Page tokens are not used: they expire after 4 hours, end silently at 100,000 rows and
 * forbid other parameters (pardot.md §2.3).
 */
export async function readKeyset<T>(fetch: (afterId: number) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  let afterId: number | null = 0;
  while (afterId !== null) {
    const page: Page<T> = await fetch(afterId);
    rows.push(...page.rows);
    afterId = page.resumeAfterId;
  }
  return rows;
}

const MAX_IDS = 200;

/**
 * Distinct ids for `idList`, few enough for a URL that every gateway takes (pardot.md §9).
 * @param spareLength characters of the URL that the ids may take, encoded; one id always goes.
 */
export function chunkIds(ids: readonly number[], spareLength = Number.POSITIVE_INFINITY): number[][] {
  const chunks: number[][] = [];
  let chunk: number[] = [];
  let length = 0;
  for (const id of new Set(ids)) {
    const cost = `${id}%2C`.length;
    if (chunk.length === MAX_IDS || (chunk.length > 0 && length + cost > spareLength)) {
      chunks.push(chunk);
      chunk = [];
      length = 0;
    }
    chunk.push(id);
    length += cost;
  }
  return chunk.length > 0 ? [...chunks, chunk] : chunks;
}
