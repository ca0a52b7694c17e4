import type { Store } from '../store/store.ts';

/** The daemon waits so long for a transaction of a command (5 s): this many rows take a small part of that. */
const ROWS = 500;

/** Works on many rows in short transactions, so that the running daemon never waits long. Returns how many it took. */
export function inParts<T>(store: Store, rows: readonly T[], take: (row: T) => boolean): number {
  let taken = 0;
  for (let start = 0; start < rows.length; start += ROWS) {
    taken += store.transaction(() => rows.slice(start, start + ROWS).filter(take).length);
  }
  return taken;
}
