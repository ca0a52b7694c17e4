import { MINUTE } from '../clock.ts';
import type { Outcome } from '../domain.ts';
import type { Ending } from '../store/figures.ts';
import type { Store } from '../store/store.ts';

/** Registrations that have ended since the installation; never goes back when people are erased. */
export interface Tally {
  /** Counted up to here, epoch milliseconds. */
  readonly untilMs: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly latency: {
    /** As many as `LATENCY_BOUNDS`: so many took no longer. */
    readonly within: readonly number[];
    readonly count: number;
    readonly sumSeconds: number;
  };
}

/** Seconds from submission to registration. */
export const LATENCY_BOUNDS = [30, 60, 90, 120, 180, 300, 600, 1800, 3600, 14_400, 86_400] as const;

const EMPTY: Tally = {
  untilMs: 0,
  outcomes: {},
  latency: { within: LATENCY_BOUNDS.map(() => 0), count: 0, sumSeconds: 0 },
};
/** What ended later may still be written with an earlier time. */
const SETTLED = MINUTE;

/** What was kept, and what has ended since. */
export function readTally(store: Store, nowMs: number): Tally {
  const kept = store.kept.load<Tally>('tally') ?? EMPTY;
  return add(kept, store.figures.endings(kept.untilMs, nowMs), nowMs);
}

/** Keeps what has ended, so that it stays counted when its rows go. */
export function keepTally(store: Store, nowMs: number): void {
  const kept = store.kept.load<Tally>('tally') ?? EMPTY;
  const untilMs = nowMs - SETTLED;
  if (untilMs > kept.untilMs) {
    store.kept.save('tally', add(kept, store.figures.endings(kept.untilMs, untilMs), untilMs));
  }
}

function add(tally: Tally, endings: readonly Ending[], untilMs: number): Tally {
  const outcomes = { ...tally.outcomes };
  for (const { outcome } of endings) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const times = endings.flatMap(({ seconds }) => seconds ?? []);
  const { within, count, sumSeconds } = tally.latency;
  return {
    untilMs: Math.max(tally.untilMs, untilMs),
    outcomes,
    latency: {
      within: LATENCY_BOUNDS.map(
        (bound, index) => (within[index] ?? 0) + times.filter((seconds) => seconds <= bound).length,
      ),
      count: count + times.length,
      sumSeconds: sumSeconds + times.reduce((sum, seconds) => sum + seconds, 0),
    },
  };
}
