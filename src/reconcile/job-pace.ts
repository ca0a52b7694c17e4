import { type Clock, HOUR, SECOND } from '../clock.ts';
import { backoffMs } from './backoff.ts';

/** Between two jobs, as the vendor's own tool waits (livestorm.md §3, §6.3). */
const BETWEEN_JOBS = 1.25 * SECOND;
/** So many lost answers in a row and jobs do more harm than good: people go one by one for a while. */
const MOST_LOST = 3;
const GIVEN_UP_FOR = HOUR;

/** When the next job may be posted: what lies behind us decides. Begins anew with every start. */
export class JobPace {
  readonly #clock: Clock;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #givenUpUntilMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #lost = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a job may be posted, and counts it. */
  async wait(signal: AbortSignal): Promise<void> {
    const waitMs = this.#lastAtMs + BETWEEN_JOBS - this.#clock.monotonic();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
    this.#lastAtMs = this.#clock.monotonic();
  }

  isGivenUp(): boolean {
    return this.#clock.monotonic() < this.#givenUpUntilMs;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#lost = 0;
  }

  /** How many milliseconds to wait after this failure. */
  failed(isUnapplied: boolean): number {
    this.#failures++;
    if (!isUnapplied) this.#lost++;
    if (this.#lost >= MOST_LOST) {
      this.#givenUpUntilMs = this.#clock.monotonic() + GIVEN_UP_FOR;
      this.#lost = 0;
    }
    return backoffMs(this.#failures, this.#clock.random());
  }
}
