import { isoSeconds, SECOND } from '../clock.ts';

/** Filters of queries know no fractions. */
export function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / SECOND) * SECOND;
}

/** The offset is always spelt out: what a time without one means is unknown (pardot.md §2.5). */
export function offsetTime(epochMs: number): string {
  return isoSeconds(epochMs).replace('Z', '+00:00');
}
