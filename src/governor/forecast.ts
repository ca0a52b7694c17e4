import { callsOf, periodEndsAtMs } from './budget.ts';
import { spendingRate } from './spending.ts';
import type { SavedGovernor } from './state.ts';

export interface Forecast {
  /** When no call will be left if things go on as in the last day; not in the future when it is so already. */
  readonly exhaustedAtMs: number;
  /** Which runs out first: our own budget, or what the vendor grants to all integrations together. */
  readonly of: 'budget' | 'vendor';
}

/** Whether the calls run out before they are granted anew; undefined when they last. Reads only what is saved. */
export function forecast(saved: SavedGovernor, nowMs: number): Forecast | undefined {
  const endsAtMs = periodEndsAtMs(saved, saved.budget);
  if (nowMs >= endsAtMs) return undefined;
  const { own, others } = spendingRate(saved.recent ?? [], nowMs);
  const candidates: Forecast[] = [];
  if (saved.budget) {
    const left = saved.budget.limit - callsOf(saved);
    candidates.push({ of: 'budget', exhaustedAtMs: emptyAtMs(left, own, nowMs) });
  }
  if (saved.remaining !== null) {
    candidates.push({ of: 'vendor', exhaustedAtMs: emptyAtMs(saved.remaining, own + others, nowMs) });
  }
  return candidates
    .filter(({ exhaustedAtMs }) => exhaustedAtMs < endsAtMs)
    .sort((a, b) => a.exhaustedAtMs - b.exhaustedAtMs)[0];
}

function emptyAtMs(left: number, perMs: number, nowMs: number): number {
  if (left <= 0) return nowMs;
  return perMs === 0 ? Number.POSITIVE_INFINITY : Math.round(nowMs + left / perMs);
}
