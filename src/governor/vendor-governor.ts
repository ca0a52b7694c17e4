import { type Clock, isoSeconds, SECOND } from '../clock.ts';
import type { Call, Vendor, WorkClass } from '../domain.ts';
import { ParkedError, type ParkReason, VendorError } from '../errors.ts';
import { CircuitBreaker, isOutage } from './breaker.ts';
import { Budget, type Shortage } from './budget.ts';
import { Gate } from './gate.ts';
import type { Allowance, Governor, RunOptions } from './governor.ts';
import { AdaptivePace } from './pace.ts';
import { Parks, parksOf } from './parks.ts';
import { RateWindow, type StartsPerWindow } from './rate-window.ts';
import type { BudgetLimit, GovernorState } from './state.ts';

export interface GovernorOptions {
  readonly vendor: Vendor;
  readonly clock: Clock;
  readonly state: GovernorState;
  readonly limits: {
    readonly startsPerWindow?: StartsPerWindow;
    readonly concurrency: number;
    readonly budget?: BudgetLimit;
  };
}

/** A `rate` park with no more than this left is waited out: a `Retry-After: 1` should not end a whole run. */
const WAIT_OUT_MS = 5 * SECOND;

/** One vendor's governor, with the parks and counts that it had before a restart. */
export function createGovernor(options: GovernorOptions): Governor {
  return new VendorGovernor(options);
}

class VendorGovernor implements Governor {
  readonly vendor: Vendor;
  readonly #clock: Clock;
  readonly #state: GovernorState;
  readonly #parks: Parks;
  readonly #budget: Budget;
  readonly #window: RateWindow | undefined;
  readonly #pace: AdaptivePace;
  readonly #breaker: CircuitBreaker;
  readonly #gate: Gate;
  /** Answers of calls at the same time come in any order. */
  readonly #overtaking: number;
  /** What monotonic time lacked to the wall clock by which the parks are kept. */
  #toWall: number;

  constructor({ vendor, clock, state, limits }: GovernorOptions) {
    this.vendor = vendor;
    this.#clock = clock;
    this.#state = state;
    const saved = state.load(vendor);
    // A clock that was set back since would stretch the parks. One that was set ahead while nobody looked cannot be told.
    const setBackMs = Math.max(0, (saved?.savedAtMs ?? 0) - clock.now());
    this.#toWall = clock.now() + setBackMs - clock.monotonic();
    this.#parks = new Parks(clock);
    for (const [reason, untilMs] of parksOf(saved)) this.#parks.add(reason, untilMs - setBackMs);
    this.#budget = new Budget(clock, limits.budget, saved);
    this.#window = limits.startsPerWindow && new RateWindow(limits.startsPerWindow);
    if (saved) this.#window?.fill(clock.monotonic());
    this.#pace = new AdaptivePace(clock, saved?.pace);
    this.#breaker = new CircuitBreaker(() => clock.random(), saved?.breaker);
    this.#overtaking = limits.concurrency - 1;
    this.#gate = new Gate({
      clock,
      concurrency: () => this.#concurrency(limits.concurrency),
      waitMs: () => this.#waitMs(),
    });
  }

  async run<T>(
    call: Call,
    send: (signal: AbortSignal, sent: () => void) => Promise<T>,
    options: RunOptions = {},
  ): Promise<T> {
    const metered = options.metered ?? true;
    const check = () => this.#check(call.work, metered);
    check();
    let sent = () => {};
    await this.#gate.enter(call, {
      check,
      start: () => {
        sent = this.#start(call.work, metered);
      },
      stopped: () => this.#parked(call.work, 'stopping', this.#clock.now()),
    });
    try {
      const result = await send(call.signal, sent);
      this.#answered();
      return result;
    } catch (error) {
      if (isOutage(error)) this.#unanswered(call.signal);
      else if (error instanceof VendorError) this.#answered();
      throw error;
    } finally {
      sent();
      this.#gate.leave();
    }
  }

  check(work: WorkClass): void {
    this.#check(work, true);
  }

  observe(allowance: Allowance): void {
    if (this.#budget.observe(allowance, this.#overtaking)) this.#save();
  }

  park(reason: ParkReason, untilMs: number): void {
    this.#parks.add(reason, untilMs);
    if (reason === 'rate') this.#pace.slowDown();
    this.#save();
    this.#gate.recheck();
  }

  unpark(reason: ParkReason): void {
    this.#parks.end(reason);
    this.#save();
  }

  #answered(): void {
    const wasTrying = this.#breaker.isTrying;
    this.#breaker.answered();
    if (wasTrying) this.unpark('circuit');
  }

  /** Those who were under way when the circuit opened do not open it further. */
  #unanswered(signal: AbortSignal): void {
    if (signal.aborted || this.#parks.has('circuit')) return;
    const openMs = this.#breaker.failed();
    if (openMs > 0) this.park('circuit', this.#clock.now() + openMs);
    else this.#save();
  }

  #concurrency(limit: number): number {
    return this.#breaker.isTrying ? 1 : Math.max(1, Math.floor(limit * this.#pace.share));
  }

  #check(work: WorkClass, metered: boolean): void {
    const park = this.#parks.longest((reason) => concerns(reason, work, metered));
    if (park && !(park.reason === 'rate' && park.leftMs <= WAIT_OUT_MS)) {
      if (this.#wasClockSet()) this.#save();
      // Whole milliseconds, as the state keeps them: monotonic time has fractions.
      throw this.#parked(work, park.reason, Math.ceil(this.#clock.now() + park.leftMs));
    }
    const shortage = metered ? this.#budget.shortage(work) : undefined;
    if (shortage) throw this.#parked(work, 'quota', shortage.untilMs, shortage);
  }

  /** Returns what must be called when the request leaves. */
  #start(work: WorkClass, metered: boolean): () => void {
    if (metered) this.#budget.count(work);
    this.#save();
    const start = this.#window?.begin();
    return () => start && this.#window?.sent(start, this.#clock.monotonic());
  }

  #waitMs(): number {
    const now = this.#clock.monotonic();
    const rate = this.#parks.longest((reason) => reason === 'rate');
    const shortMs = rate && rate.leftMs <= WAIT_OUT_MS ? rate.leftMs : 0;
    return Math.ceil(Math.max(this.#window?.waitMs(now, this.#pace.share) ?? 0, shortMs));
  }

  /** Since parks were kept: a restart would end them too soon or too late, as nothing else is saved during a park. */
  #wasClockSet(): boolean {
    return Math.abs(this.#clock.now() - this.#clock.monotonic() - this.#toWall) >= SECOND;
  }

  #save(): void {
    const park = this.#parks.longest();
    const now = this.#clock.now();
    this.#toWall = now - this.#clock.monotonic();
    this.#state.save(this.vendor, {
      ...this.#budget.figures(),
      parks: this.#parks.all(),
      parkedUntilMs: park ? now + park.leftMs : null,
      parkReason: park?.reason ?? null,
      breaker: this.#breaker.counts(),
      pace: this.#pace.share,
      savedAtMs: now,
    });
  }

  #parked(operation: string, reason: ParkReason, untilMs: number, shortage?: Shortage): ParkedError {
    const until = isoSeconds(untilMs);
    const why = shortage
      ? `${Math.max(0, shortage.left)} of ${shortage.of ?? 'an unknown number of'} calls are left`
      : reason;
    return new ParkedError(`${this.vendor} is not called before ${until} (${why})`, {
      vendor: this.vendor,
      operation,
      reason,
      untilMs,
      hint: hintFor(reason, until),
    });
  }
}

/** The contact allowance stops registrations alone; quota stops what the vendor counts. */
function concerns(reason: ParkReason, work: WorkClass, metered: boolean): boolean {
  if (reason === 'allowance') return work === 'registrations';
  return reason !== 'quota' || metered;
}

function hintFor(reason: ParkReason, until: string): string {
  if (reason === 'auth') return 'Check the credentials and the permissions of the API user.';
  if (reason === 'stopping') return 'Nothing is lost: work goes on with the next start.';
  if (reason === 'quota') return `Nothing is lost: work goes on at ${until}, or sooner with a larger budget.`;
  return `Nothing is lost: work goes on at ${until}.`;
}
