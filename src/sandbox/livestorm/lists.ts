import type { Random } from '../kernel/clock.ts';
import { Refusal } from './refusal.ts';
import type { LivestormSwitches } from './switches.ts';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 50;
const WALKS_KEPT = 100;

export interface Page<T> {
  readonly rows: readonly T[];
  readonly meta: Readonly<Record<string, number | null>>;
}

interface Listing {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Cuts lists into pages, in an order that nobody promised (vendor sheet §2.2). */
export class Lists {
  readonly #random: Random;
  readonly #switches: LivestormSwitches;
  /** Per list and filters: the place of each id since page 0 was last asked for. */
  readonly #walks = new Map<string, Map<string, number>>();

  constructor(parts: { random: Random; switches: LivestormSwitches }) {
    this.#random = parts.random;
    this.#switches = parts.switches;
  }

  /** Throws a 400 for a page that does not exist; page 0 always does. */
  page<T>(listing: Listing, items: readonly T[], idOf: (item: T) => string): Page<T> {
    const { query } = listing;
    // Sparse fieldsets gave one client an empty list (§2.1).
    const known = [...query.keys()].some((key) => key.startsWith('fields[')) ? [] : items;
    const number = wholeNumber(query, 'page[number]', 0);
    const size = this.#size(query);
    const filled = Math.ceil(known.length / size);
    if (number > 0 && number >= filled) throw new Refusal(400, `Page ${number} does not exist`);
    const start = number * size;
    return {
      rows: this.#arrange(listing, number, known, idOf).slice(start, start + size),
      meta: this.#meta(number, size, known.length, filled || this.#switches.emptyPageCount),
    };
  }

  #size(query: URLSearchParams): number {
    const size = wholeNumber(query, 'page[size]', DEFAULT_SIZE);
    if (size === 0) throw new Refusal(400, 'page[size] must be positive');
    if (size > MAX_SIZE && this.#switches.oversizePage === 'refuse') {
      throw new Refusal(400, `page[size] must not exceed ${MAX_SIZE}`);
    }
    return Math.min(size, MAX_SIZE);
  }

  #meta(number: number, size: number, records: number, pages: number): Page<unknown>['meta'] {
    const old = { record_count: records, page_count: pages, items_per_page: size };
    if (this.#switches.pagingMeta === 'old') return old;
    return {
      current_page: number,
      previous_page: number > 0 ? number - 1 : null,
      next_page: number + 1 < pages ? number + 1 : null,
      ...old,
    };
  }

  #arrange<T>(
    listing: Listing,
    number: number,
    items: readonly T[],
    idOf: (item: T) => string,
  ): readonly T[] {
    if (this.#switches.order === 'stable') return items;
    if (this.#switches.order === 'per_request') return this.#random.shuffle(items);
    const places = this.#walk(listing, number, () => this.#random.shuffle(items).map(idOf));
    const arranged: (T | undefined)[] = new Array(places.size);
    for (const item of items) {
      const place = places.get(idOf(item)) ?? places.size;
      places.set(idOf(item), place);
      arranged[place] = item;
    }
    // Whoever left in the middle of a walk leaves a gap that later rows move into.
    return arranged.filter((item): item is T => item !== undefined);
  }

  #walk(listing: Listing, number: number, draw: () => string[]): Map<string, number> {
    const key = walkKey(listing);
    const known = this.#walks.get(key);
    if (known && number > 0) return known;
    const places = new Map(draw().map((id, place) => [id, place]));
    this.#walks.delete(key);
    this.#walks.set(key, places);
    for (const oldest of this.#walks.keys()) {
      if (this.#walks.size <= WALKS_KEPT) break;
      this.#walks.delete(oldest);
    }
    return places;
  }
}

function walkKey({ path, query }: Listing): string {
  const rest = [...query].filter(([name]) => name !== 'page[number]');
  return `${path}?${new URLSearchParams(rest)}`;
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d+$/.test(text)) throw new Refusal(400, `${name} must be a whole number`);
  return Number(text);
}
