import { type Clock, DAY, HOUR } from '../clock.ts';
import { WORK_CLASSES, type WorkClass } from '../domain.ts';
import type { Allowance } from './governor.ts';
import type { SavedGovernor } from './state.ts';

export interface BudgetLimit {
  /** Most calls we make in one period, whatever the vendor would grant. */
  readonly limit: number;
  readonly periodMs: number;
}

/** Why no more calls of this class may start. */
export interface Shortage {
  readonly left: number;
  readonly of: number | undefined;
  readonly untilMs: number;
}

/** The last share of a budget is kept for registrations. */
const RESERVE = 0.1;

/** A vendor's figure without a reset time is believed for so long, then one call may go and look. */
const BELIEVE_MS = HOUR;

type Figures = Pick<SavedGovernor, 'periodStartedAtMs' | 'calls' | 'limit' | 'remaining' | 'resetAtMs'>;

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

  constructor(clock: Clock, own: BudgetLimit | undefined, saved: Figures | undefined) {
    this.#clock = clock;
    this.#own = own;
    this.#figures = saved ?? freshPeriod(clock.now());
    this.#observedAt = clock.monotonic();
  }

  figures(): Figures {
    return this.#figures;
  }

  count(work: WorkClass): void {
    this.#roll();
    const { calls, remaining } = this.#figures;
    this.#figures = {
      ...this.#figures,
      calls: { ...calls, [work]: calls[work] + 1 },
      remaining: remaining === null ? null : remaining - 1,
    };
  }

  observe(allowance: Allowance): void {
    this.#roll();
    this.#observedAt = this.#clock.monotonic();
    const { limit, remaining, resetAtMs } = this.#figures;
    this.#figures = {
      ...this.#figures,
      limit: allowance.limit ?? limit,
      remaining: allowance.remaining ?? remaining,
      resetAtMs: allowance.resetAtMs ?? resetAtMs,
    };
  }

  /** Undefined while calls of this class may start. */
  shortage(work: WorkClass): Shortage | undefined {
    this.#roll();
    return [this.#ownRest(), this.#vendorRest()].find(
      (rest) => rest && rest.left <= (work === 'registrations' ? 0 : (rest.of ?? 0) * RESERVE),
    );
  }

  #ownRest(): Shortage | undefined {
    if (!this.#own) return undefined;
    const used = WORK_CLASSES.reduce((sum, work) => sum + this.#figures.calls[work], 0);
    return { left: this.#own.limit - used, of: this.#own.limit, untilMs: this.#periodEndsAtMs() };
  }

  #vendorRest(): Shortage | undefined {
    const { limit, remaining, resetAtMs } = this.#figures;
    if (remaining === null) return undefined;
    const believedMs = BELIEVE_MS - (this.#clock.monotonic() - this.#observedAt);
    if (resetAtMs === null && believedMs <= 0) return undefined;
    const untilMs = resetAtMs ?? Math.min(this.#periodEndsAtMs(), this.#clock.now() + believedMs);
    return { left: remaining, of: limit ?? undefined, untilMs };
  }

  #periodEndsAtMs(): number {
    return this.#figures.resetAtMs ?? this.#figures.periodStartedAtMs + (this.#own?.periodMs ?? DAY);
  }

  #roll(): void {
    const now = this.#clock.now();
    if (now >= this.#periodEndsAtMs()) this.#figures = { ...freshPeriod(now), limit: this.#figures.limit };
  }
}

function freshPeriod(nowMs: number): Figures {
  return {
    periodStartedAtMs: nowMs,
    calls: { registrations: 0, attendance: 0, discovery: 0, replays: 0, backfill: 0 },
    limit: null,
    remaining: null,
    resetAtMs: null,
  };
}
