import type { SeenRequest } from '../support/in-process.ts';
import type { Vendor } from './endpoints.ts';
import type { History } from './history.ts';
import { DAY, HOUR, MINUTE } from './plan.ts';
import type { Settings } from './settings.ts';

/** Own calls of one period, counted as they arrive. */
export interface Period {
  readonly vendor: Vendor;
  readonly fromMs: number;
  /** At the earliest: the daemon's period begins with its first attempt, which need not arrive. */
  readonly endsFromMs: number;
  readonly untilMs: number;
  readonly limit: number;
  /** Of those that surely count for it. */
  calls: number;
}

/** Within this time of the end of a period a call may count for the next one: it was counted before it left. */
const EDGE_MS = 5 * MINUTE;
/** A daemon whose clock was wrong takes a period for so much longer. */
const SKEW_MS = 6 * HOUR;

/** What the configuration lets the daemon spend, beside what it spends: it may do less from the half of it on. */
export class Budgets {
  readonly periods: Period[] = [];
  readonly #settings: Settings;
  readonly #history: History;

  constructor(settings: Settings, history: History) {
    this.#settings = settings;
    this.#history = history;
  }

  /** Begun by the daemon's first start, then by the first call after the end of the last one. */
  begin(vendor: 'livestorm' | 'pardot', fromMs: number): Period {
    const [{ monthlyBudget, dailyBudget } = { monthlyBudget: 0, dailyBudget: 0 }] = this.#settings.choices;
    const isMonthly = vendor === 'livestorm';
    const lengthMs = isMonthly ? 30 * DAY : DAY;
    const before = this.periods.findLast((each) => each.vendor === vendor);
    const beginsFromMs = Math.max(before?.endsFromMs ?? fromMs, fromMs - lengthMs);
    const period = {
      ...{ vendor, fromMs, calls: 0, limit: isMonthly ? monthlyBudget : dailyBudget },
      ...{ endsFromMs: beginsFromMs + lengthMs, untilMs: fromMs + lengthMs },
    };
    this.periods.push(period);
    return period;
  }

  spend({ vendor, atMs }: Pick<SeenRequest, 'vendor' | 'atMs'>): void {
    if (vendor !== 'livestorm' && vendor !== 'pardot') return;
    const last = this.periods.findLast((each) => each.vendor === vendor);
    const period = last && atMs < last.untilMs ? last : this.begin(vendor, atMs);
    if (atMs < period.endsFromMs - EDGE_MS) period.calls++;
    if (period.calls !== Math.floor(period.limit / 2)) return;
    const forMs = period.untilMs + SKEW_MS - atMs;
    this.#history.trouble(atMs, `half of ${vendor}'s calls are spent`, forMs);
  }

  /** When the last period that left too few calls is over; undefined when there was none. */
  get plentyAgainMs(): number | undefined {
    const short = this.periods.filter(({ calls, limit }) => calls >= limit / 2);
    return short.length > 0 ? Math.max(...short.map(({ untilMs }) => untilMs)) + SKEW_MS : undefined;
  }
}
