import { parseInstant } from './instants.ts';
import { Refusal } from './refusal.ts';
import type { LivestormSwitches } from './switches.ts';

/** The values of `filter[…]`, by the name in the brackets. */
export type Filters = ReadonlyMap<string, string>;

export const CHANGE_FILTERS = ['created_since', 'created_until', 'updated_since', 'updated_until'] as const;

export function readFilters(
  query: URLSearchParams,
  known: readonly string[],
  switches: LivestormSwitches,
): Filters {
  const filters = new Map<string, string>();
  for (const [key, value] of query) {
    const name = /^filter\[(.+)\]$/.exec(key)?.[1];
    if (name === undefined) continue;
    if (known.includes(name)) filters.set(name, value);
    else if (switches.unknownFilters === 'refuse') throw new Refusal(400, `Unknown filter '${name}'`);
  }
  return filters;
}

/** Whether the filter is absent or has exactly this value. */
export function matches(filters: Filters, name: string, value: string | boolean): boolean {
  const wanted = filters.get(name);
  return wanted === undefined || wanted === String(value);
}

/** Whether an instant lies between the filters `from` and `to`; compared in whole seconds, as the API shows it. */
export function within(
  filters: Filters,
  [from, to]: readonly [string, string],
  mode: LivestormSwitches['timeFilters'],
): (atMs: number) => boolean {
  const low = bound(filters, from) ?? Number.NEGATIVE_INFINITY;
  const high = bound(filters, to) ?? Number.POSITIVE_INFINITY;
  if (mode === 'ignored') return () => true;
  return (atMs) => {
    const at = Math.floor(atMs / 1000);
    return mode === 'inclusive' ? at >= low && at <= high : at > low && at < high;
  };
}

/** `created_since` … `updated_until` at once. */
export function changedWithin(
  filters: Filters,
  mode: LivestormSwitches['timeFilters'],
): (record: { readonly createdAtMs: number; readonly updatedAtMs: number }) => boolean {
  const isCreated = within(filters, ['created_since', 'created_until'], mode);
  const isUpdated = within(filters, ['updated_since', 'updated_until'], mode);
  return ({ createdAtMs, updatedAtMs }) => isCreated(createdAtMs) && isUpdated(updatedAtMs);
}

function bound(filters: Filters, name: string): number | undefined {
  const text = filters.get(name);
  if (text === undefined) return undefined;
  const ms = parseInstant(text, 'UTC');
  if (ms === undefined) throw new Refusal(400, `Invalid value for filter '${name}'`);
  return ms / 1000;
}
