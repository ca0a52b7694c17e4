import { type Clock, DAY, SECOND } from '../clock.ts';
import type { Outcome } from '../domain.ts';
import type { Arrival, Funnel } from '../store/figures.ts';
import type { RunTotals } from '../store/job-runs.ts';
import { type Facts, type FactsParts, readFacts } from './facts.ts';
import { findProblems, type Limits, type Problem } from './problems.ts';
import type { Resources } from './resources.ts';
import { readTally, type Tally } from './tally.ts';
import { readStatus, type StatusView } from './view.ts';

/** What there is, and what of it needs attention: for health and alerts. */
export interface Watched extends Facts {
  readonly problems: readonly Problem[];
}

/** With all the numbers, some of which are counted in whole tables: for page and metrics. */
export interface Overview extends Watched {
  readonly view: StatusView;
  readonly funnels: readonly Funnel[];
  /** Of the last 14 days. */
  readonly arrivals: readonly Arrival[];
  readonly people: readonly { readonly outcome: Outcome | null; readonly count: number }[];
  readonly tally: Tally;
  readonly runs: ReadonlyMap<string, RunTotals>;
  readonly sizeBytes: number;
  /** When systemd was last told that all is well. */
  readonly aliveAtMs: number | null;
  readonly resources: Resources | null;
}

export interface OverviewParts extends FactsParts {
  readonly resources?: (() => Resources) | undefined;
}

export interface Readers {
  readonly watched: () => Watched;
  readonly overview: () => Overview;
}

/** Both read anew, but not all the time. */
export function createReaders(parts: OverviewParts, limits: Limits): Readers {
  const { store, clock, resources } = parts;
  const watched = seldom(() => {
    const facts = readFacts(parts);
    return { ...facts, problems: findProblems(facts, limits) };
  }, clock);
  const figures = seldom(() => readFigures(parts), clock);
  const overview = (): Overview => ({
    ...figures(),
    ...watched(),
    runs: store.jobRuns.totals(),
    aliveAtMs: store.meta.aliveAtMs() ?? null,
    resources: resources?.() ?? null,
  });
  return { watched, overview };
}

const ARRIVAL_DAYS = 14;
export const MOST_FUNNELS = 30;

function readFigures({
  store,
  clock,
}: FactsParts): Pick<Overview, 'view' | 'funnels' | 'arrivals' | 'people' | 'tally' | 'sizeBytes'> {
  const nowMs = clock.now();
  return {
    view: readStatus(store, nowMs),
    funnels: store.figures.funnels(MOST_FUNNELS),
    arrivals: store.figures.arrivals(nowMs - ARRIVAL_DAYS * DAY),
    people: store.figures.people(),
    tally: readTally(store, nowMs),
    sizeBytes: store.figures.sizeBytes(),
  };
}

/** Reading again waits at least a second, and a hundred times as long as it took: looking on slows nobody down. */
export function seldom<T>(read: () => T, clock: Clock): () => T {
  let last: { readonly value: T; readonly until: number } | undefined;
  return () => {
    const started = clock.monotonic();
    if (last && started < last.until) return last.value;
    const value = read();
    const ended = clock.monotonic();
    last = { value, until: ended + Math.max(SECOND, 100 * (ended - started)) };
    return value;
  };
}
