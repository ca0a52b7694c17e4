import type { Random, SandboxClock } from '../kernel/clock.ts';
import type { PardotSwitches } from './switches.ts';

export interface BaseRow {
  readonly id: number;
}

interface Version<R> {
  readonly visibleAtMs: number;
  /** undefined: removed for good. */
  readonly row: R | undefined;
}

export interface TableParts {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches: PardotSwitches;
}

/** What the API reads from: the rows as the lagging replica shows them now. */
export interface ReadSide {
  view(id: number): BaseRow | undefined;
  views(): BaseRow[];
  get(id: number): BaseRow | undefined;
}

/**
 * Rows of one kind, with what the primary holds (`get`, `rows`) and what reads show of it (`view`, `views`): each
 * write becomes visible after a lag of its own. Ids are sparse, and now and then not in the order of creation.
 * pardot.md §2.3, §2.4.
 */
export class Table<R extends BaseRow> implements ReadSide {
  readonly #parts: TableParts;
  readonly #versions = new Map<number, Version<R>[]>();
  #lastId: number;
  #gapBelowLast = false;

  constructor(parts: TableParts) {
    this.#parts = parts;
    this.#lastId = parts.random.between(1_000, 900_000);
  }

  /** Steps of 2 or 3 leave room for a lower id that comes later. */
  nextId(): number {
    const { random, switches } = this.#parts;
    if (this.#gapBelowLast && random.next() < switches.lowerIdChance) {
      this.#gapBelowLast = false;
      return this.#lastId - 1;
    }
    this.#lastId += random.between(2, 3);
    this.#gapBelowLast = true;
    return this.#lastId;
  }

  /** Adds a row, written at `atMs` and visible at `visibleAtMs`, or after the lag. */
  insert(row: R, atMs: number = this.#parts.clock.now(), visibleAtMs: number = this.#lagged(atMs)): R {
    this.#versions.set(row.id, [{ visibleAtMs, row }]);
    return row;
  }

  /** The row with `change`, written at `atMs`. The row must exist. */
  update(id: number, change: Partial<Omit<R, 'id'>>, atMs: number = this.#parts.clock.now()): R {
    const before = this.get(id);
    if (!before) throw new RangeError(`no row ${id} to update`);
    const row: R = { ...before, ...change };
    this.#push(id, row, atMs);
    return row;
  }

  remove(id: number): void {
    this.#push(id, undefined, this.#parts.clock.now());
  }

  get(id: number): R | undefined {
    return this.#versions.get(id)?.at(-1)?.row;
  }

  rows(): R[] {
    const rows: R[] = [];
    for (const versions of this.#versions.values()) {
      const row = versions.at(-1)?.row;
      if (row) rows.push(row);
    }
    return rows;
  }

  view(id: number): R | undefined {
    const versions = this.#versions.get(id);
    return versions && visible(versions, this.#parts.clock.now());
  }

  views(): R[] {
    const now = this.#parts.clock.now();
    const rows: R[] = [];
    for (const versions of this.#versions.values()) {
      const row = visible(versions, now);
      if (row) rows.push(row);
    }
    return rows;
  }

  #push(id: number, row: R | undefined, atMs: number): void {
    const versions = this.#versions.get(id) ?? [];
    // No change shows before the row itself does.
    const bornAtMs = versions[0]?.visibleAtMs ?? 0;
    versions.push({ visibleAtMs: Math.max(bornAtMs, this.#lagged(atMs)), row });
  }

  #lagged(atMs: number): number {
    const { min, max } = this.#parts.switches.readLagMs;
    return atMs + this.#parts.random.between(min, max);
  }
}

/** The last written version that is visible by now; forgets those before it. */
function visible<R>(versions: Version<R>[], now: number): R | undefined {
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i];
    if (version && version.visibleAtMs <= now) {
      if (i > 0) versions.splice(0, i);
      return version.row;
    }
  }
  return undefined;
}
