import { callsOf, periodEndsAtMs } from './budget.ts';
import { isTooLittle, spendingRate } from './spending.ts';
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
  const recent = saved.recent ?? [];
  const { own, others } = spendingRate(recent, nowMs);
  const candidates: Forecast[] = [];
  const emptyAtMs = (left: number, perMs: number): number => {
    if (left <= 0) return nowMs;
    const isTold = perMs > 0 && !isTooLittle(recent, nowMs, left);
    return isTold ? Math.round(nowMs + left / perMs) : Number.POSITIVE_INFINITY;
  };
  if (saved.budget) {
    const left = saved.budget.limit - callsOf(saved);
    candidates.push({ of: 'budget', exhaustedAtMs: emptyAtMs(left, own) });
  }
  if (saved.remaining !== null) {
    candidates.push({ of: 'vendor', exhaustedAtMs: emptyAtMs(saved.remaining, own + others) });
  }
  return candidates
    .filter(({ exhaustedAtMs }) => exhaustedAtMs < endsAtMs)
    .sort((a, b) => a.exhaustedAtMs - b.exhaustedAtMs)[0];
}
