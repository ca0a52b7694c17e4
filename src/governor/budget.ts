import { type Clock, DAY, HOUR } from '../clock.ts';
import { WORK_CLASSES, type WorkClass } from '../domain.ts';
import type { Allowance } from './governor.ts';
import { spend } from './spending.ts';
import type { BudgetLimit, SavedGovernor } from './state.ts';

/** Why no more calls of this class may start. */
export interface Shortage {
  readonly left: number;
  readonly of: number | undefined;
  readonly untilMs: number;
}

/** Share of a budget that each class leaves untouched, for those before it; the last tenth is for registrations alone. */
const LEFT_FREE: Readonly<Record<WorkClass, number>> = {
  registrations: 0,
  attendance: 0.1,
  discovery: 0.15,
  replays: 0.25,
  backfill: 0.5,
};

/** A vendor's figure without a reset time is believed for this share of the period, then one call may go and look. */
const BELIEVED_SHARE = 1 / 24;
const BELIEVED_AT_MOST_MS = 6 * HOUR;
/** No vendor counts longer: a later reset, like a period that has not begun yet, comes from a clock that was wrong. */
const LONGEST_PERIOD_MS = 31 * DAY;

type SavedFigures = Pick<
  SavedGovernor,
  'periodStartedAtMs' | 'calls' | 'limit' | 'remaining' | 'resetAtMs' | 'others' | 'recent'
>;
type Figures = Required<SavedFigures>;

/**
 * Calls per period: our own count against our own limit, and the vendor's figures, which know what others spend.
 * The tighter of the two decides.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #own: BudgetLimit | undefined;
  #figures: Figures;
  /** Monotonic. */
  #observedAt: number;

  constructor(clock: Clock, own: BudgetLimit | undefined, saved: SavedFigures | undefined) {
    this.#clock = clock;
    this.#own = own;
    this.#figures = saved ? figuresOf(saved) : freshPeriod(clock.now(), []);
    this.#observedAt = clock.monotonic();
  }

  figures(): Figures & Required<Pick<SavedGovernor, 'budget'>> {
    return { ...this.#figures, budget: this.#own ?? null };
  }

  count(work: WorkClass): void {
    this.#roll();
    const { calls, remaining, recent } = this.#figures;
    this.#figures = {
      ...this.#figures,
      calls: { ...calls, [work]: calls[work] + 1 },
      remaining: remaining === null ? null : remaining - 1,
      recent: spend(recent, this.#clock.now(), { own: 1, others: 0 }),
    };
  }

  /**
   * Takes the vendor's figures.
   * @param uncertain how many calls answers may overtake each other by.
   * @returns whether they tell what our own count does not: others' calls, a refill, another limit.
   */
  observe({ limit, remaining: told, resetAtMs }: Allowance, uncertain = 0): boolean {
    this.#roll();
    if (told !== undefined) this.#observedAt = this.#clock.monotonic();
    const before = this.#figures;
    const next = { ...before, limit: limit ?? before.limit, resetAtMs: resetAtMs ?? before.resetAtMs };
    this.#figures = told === undefined ? next : this.#taken(next, told, uncertain);
    const { remaining } = this.#figures;
    return (
      remaining !== before.remaining || next.limit !== before.limit || next.resetAtMs !== before.resetAtMs
    );
  }

  /** Undefined while calls of this class may start. */
  shortage(work: WorkClass): Shortage | undefined {
    this.#roll();
    return [this.#ownRest(), this.#vendorRest()].find(
      (rest) => rest && rest.left <= (rest.of ?? 0) * LEFT_FREE[work],
    );
  }

  /** Less than we know of was spent by others; rather too little than too much is taken for left. */
  #taken(figures: Figures, told: number, uncertain: number): Figures {
    const known = figures.remaining;
    if (known === null) return { ...figures, remaining: told };
    if (told > known + uncertain) return { ...figures, remaining: told - uncertain };
    if (told >= known) return figures;
    const others = known - told;
    return {
      ...figures,
      remaining: told,
      others: figures.others + others,
      recent: spend(figures.recent, this.#clock.now(), { own: 0, others }),
    };
  }

  #ownRest(): Shortage | undefined {
    if (!this.#own) return undefined;
    return {
      left: this.#own.limit - callsOf(this.#figures),
      of: this.#own.limit,
      untilMs: this.#periodEndsAtMs(),
    };
  }

  #vendorRest(): Shortage | undefined {
    const { limit, remaining, resetAtMs } = this.#figures;
    if (remaining === null) return undefined;
    const believedMs = this.#believeMs() - (this.#clock.monotonic() - this.#observedAt);
    if (resetAtMs === null && believedMs <= 0) return undefined;
    const untilMs = resetAtMs ?? Math.min(this.#periodEndsAtMs(), this.#clock.now() + believedMs);
    return { left: remaining, of: limit ?? undefined, untilMs };
  }

  #believeMs(): number {
    return Math.min(BELIEVED_AT_MOST_MS, (this.#own?.periodMs ?? DAY) * BELIEVED_SHARE);
  }

  #periodEndsAtMs(): number {
    return periodEndsAtMs(this.#figures, this.#own);
  }

  #roll(): void {
    const now = this.#clock.now();
    const { periodStartedAtMs, resetAtMs, limit, recent } = this.#figures;
    if (now >= this.#periodEndsAtMs()) this.#figures = { ...freshPeriod(now, recent), limit };
    else if (periodStartedAtMs > now) this.#figures = { ...this.#figures, periodStartedAtMs: now };
    if (resetAtMs !== null && resetAtMs > now + LONGEST_PERIOD_MS) {
      this.#figures = { ...this.#figures, resetAtMs: null };
    }
  }
}

/** When the counts begin anew. */
export function periodEndsAtMs(
  { resetAtMs, periodStartedAtMs }: Pick<SavedGovernor, 'resetAtMs' | 'periodStartedAtMs'>,
  own: BudgetLimit | null | undefined,
): number {
  return resetAtMs ?? periodStartedAtMs + (own?.periodMs ?? DAY);
}

/** Our own calls of the period, all classes together. */
export function callsOf({ calls }: Pick<SavedGovernor, 'calls'>): number {
  return WORK_CLASSES.reduce((sum, work) => sum + calls[work], 0);
}

function figuresOf(saved: SavedFigures): Figures {
  const { periodStartedAtMs, calls, limit, remaining, resetAtMs, others = 0, recent = [] } = saved;
  return { periodStartedAtMs, calls, limit, remaining, resetAtMs, others, recent };
}

function freshPeriod(nowMs: number, recent: Figures['recent']): Figures {
  return {
    periodStartedAtMs: nowMs,
    calls: { registrations: 0, attendance: 0, discovery: 0, replays: 0, backfill: 0 },
    limit: null,
    remaining: null,
    resetAtMs: null,
    others: 0,
    recent,
  };
}
