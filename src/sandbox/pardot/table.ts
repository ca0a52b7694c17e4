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

type Key = string | number;

export interface TableParts {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches: PardotSwitches;
}

/** What the API reads from: the rows as the lagging replica shows them now. */
export interface ReadSide {
  view(id: number): BaseRow | undefined;
  views(): BaseRow[];
  /** Those of `views` that were created at this instant or later. */
  viewsSince(createdAtMs: number): BaseRow[];
  get(id: number): BaseRow | undefined;
}

/**
 * Rows of one kind, with what the primary holds (`get`, `rows`) and what reads show of it (`view`, `views`): each
 * write becomes visible after a lag of its own. Ids are sparse, and now and then not in the order of creation.
 * pardot.md §2.3, §2.4.
 */
export class Table<R extends BaseRow> implements ReadSide {
  readonly #parts: TableParts;
  readonly #keyOf: (row: R) => Key | null;
  readonly #versions = new Map<number, Version<R>[]>();
  readonly #idsByKey = new Map<Key, Set<number>>();
  /** Ascending: a poll of the latest minutes does not look at everything there ever was. */
  readonly #byCreation: { readonly createdAtMs: number; readonly id: number }[] = [];
  #lastId: number;
  #gapBelowLast = false;

  /** `keyOf` names what `keyed` finds rows by. */
  constructor(parts: TableParts, keyOf: (row: R) => Key | null = () => null) {
    this.#parts = parts;
    this.#keyOf = keyOf;
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
    this.#file(undefined, row);
    const createdAtMs = createdAt(row);
    this.#byCreation.splice(this.#firstSince(createdAtMs + 1), 0, { createdAtMs, id: row.id });
    return row;
  }

  /** The row with `change`, written at `atMs`. The row must exist. */
  update(id: number, change: Partial<Omit<R, 'id'>>, atMs: number = this.#parts.clock.now()): R {
    const before = this.get(id);
    if (!before) throw new RangeError(`no row ${id} to update`);
    const row: R = { ...before, ...change };
    this.#file(before, row);
    this.#push(id, row, atMs);
    return row;
  }

  remove(id: number): void {
    this.#file(this.get(id), undefined);
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

  /** The rows with this key, as the primary holds them. */
  keyed(key: Key): R[] {
    return [...(this.#idsByKey.get(key) ?? [])].flatMap((id) => this.get(id) ?? []);
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

  viewsSince(createdAtMs: number): R[] {
    return this.#byCreation.slice(this.#firstSince(createdAtMs)).flatMap(({ id }) => this.view(id) ?? []);
  }

  /** Where in `#byCreation` those begin that were created at this instant or later. */
  #firstSince(createdAtMs: number): number {
    let low = 0;
    let high = this.#byCreation.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#byCreation[middle]?.createdAtMs ?? 0) < createdAtMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves a row from its old key to its new one. */
  #file(before: R | undefined, after: R | undefined): void {
    const oldKey = before && this.#keyOf(before);
    const newKey = after && this.#keyOf(after);
    if (oldKey === newKey) return;
    if (before && oldKey != null) this.#idsByKey.get(oldKey)?.delete(before.id);
    if (!after || newKey == null) return;
    const ids = this.#idsByKey.get(newKey) ?? new Set();
    this.#idsByKey.set(newKey, ids.add(after.id));
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

/** 0 of rows that do not tell. */
function createdAt(row: BaseRow): number {
  return 'createdAtMs' in row && typeof row.createdAtMs === 'number' ? row.createdAtMs : 0;
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
