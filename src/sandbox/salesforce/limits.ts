import type { SandboxClock } from '../kernel/clock.ts';
import { RestError } from './rest-error.ts';
import type { SalesforceSwitches } from './switches.ts';

const DAY = 86_400_000;

/** The org's REST calls of the last 24 hours (salesforce.md §2.6). */
export class DailyLimit {
  readonly #clock: SandboxClock;
  readonly #switches: Readonly<SalesforceSwitches>;
  #calledAt: number[] = [];

  constructor(clock: SandboxClock, switches: Readonly<SalesforceSwitches>) {
    this.#clock = clock;
    this.#switches = switches;
  }

  /** Counts one call; throws REQUEST_LIMIT_EXCEEDED instead when none is left. */
  spend(): void {
    if (this.used() >= this.#switches.dailyLimit) {
      throw new RestError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    this.#calledAt.push(this.#clock.now());
  }

  used(): number {
    const since = this.#clock.now() - DAY;
    const firstKept = this.#calledAt.findIndex((at) => at > since);
    if (firstKept !== 0) this.#calledAt = firstKept < 0 ? [] : this.#calledAt.slice(firstKept);
    return this.#calledAt.length;
  }

  /** Value of the header `Sforce-Limit-Info`. */
  header(): string {
    return `api-usage=${this.used()}/${this.#switches.dailyLimit}`;
  }

  /** Body of `GET /limits`. */
  body(): Record<string, unknown> {
    const max = this.#switches.dailyLimit;
    return { DailyApiRequests: { Max: max, Remaining: Math.max(0, max - this.used()) } };
  }
}
