export type Boundary = 'before commit' | 'after commit' | 'before request' | 'after request';

/**
 * `every`: before and after every commit and every request. `notable`: one for each state that differs from the one
 * before it: after a commit that writes more than records of runs and counts of calls, and after a request that
 * changes something at a vendor. Whatever happens in between, a process that dies there leaves the same behind.
 */
export type Fineness = 'every' | 'notable';

/** Counts the boundaries that a life comes to, and says at which it ends. */
export class Boundaries {
  readonly #fineness: Fineness;
  readonly #deaths: number[];
  #seen = 0;

  /** @param deaths In each life the boundary at which it ends, from 0; lives after these go on. */
  constructor(fineness: Fineness, deaths: readonly number[] = []) {
    this.#fineness = fineness;
    this.#deaths = [...deaths];
  }

  /** Whether the process dies here. */
  reach(boundary: Boundary, isNotable: boolean): boolean {
    if (this.#fineness === 'notable' && !(isNotable && boundary.startsWith('after'))) return false;
    const isEnd = this.#deaths[0] === this.#seen++;
    if (isEnd) this.#deaths.shift();
    return isEnd;
  }

  /** A new life begins. */
  begin(): void {
    this.#seen = 0;
  }

  /** How many the present life has come to. */
  get seen(): number {
    return this.#seen;
  }

  /** Deaths that no life has come to yet. */
  get left(): number {
    return this.#deaths.length;
  }
}
