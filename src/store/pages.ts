/** Rows read at a time where their number grows with a session: few enough to be gone before the heap grows. */
export const PAGE_ROWS = 100;

/**
 * Row after row, a page in memory at a time; whoever iterates may write in between.
 *
 * @param read gives the `PAGE_ROWS` rows that follow this one, the first ones without it.
 */
export function* paged<T>(read: (last: T | undefined) => readonly T[]): Generator<T> {
  let page = read(undefined);
  while (true) {
    yield* page;
    if (page.length < PAGE_ROWS) return;
    page = read(page.at(-1));
  }
}
