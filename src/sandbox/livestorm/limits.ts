import type { SandboxClock } from '../kernel/clock.ts';
import type { LivestormSwitches } from './switches.ts';

const SECOND = 1000;
const DAY = 86_400_000;
const PERIOD_MS = 30 * DAY;

/** `burst`: over the requests of this second; `quota`: over those of the 30 days. */
export type Verdict = 'pass' | 'burst' | 'quota';

/** The workspace's two limits and what the answers tell of them (vendor sheet §3). */
export class Limits {
  readonly #clock: SandboxClock;
  readonly #switches: LivestormSwitches;
  /** Starts of requests that count in the current window. */
  #window: number[] = [];
  #periodStartMs: number | undefined;
  #used = 0;
  /** Starts of all requests in the last second, and the most there ever were. */
  #recent: number[] = [];
  #peak = 0;

  constructor(parts: { clock: SandboxClock; switches: LivestormSwitches }) {
    this.#clock = parts.clock;
    this.#switches = parts.switches;
  }

  /** The most requests that started within any 1,000 ms, whatever was answered. */
  maxStartsInAnySecond(): number {
    return this.#peak;
  }

  /** Calls that others of the workspace make at once. */
  spendByOthers(calls: number): void {
    this.#openPeriod(this.#clock.now());
    this.#used += calls;
  }

  /** Every request passes here first, also those without credentials. */
  noteStart(): void {
    const now = this.#clock.now();
    this.#recent = this.#recent.filter((atMs) => atMs > now - SECOND);
    this.#recent.push(now);
    this.#peak = Math.max(this.#peak, this.#recent.length);
  }

  /** Counts one request of the workspace. A refused one counts against the 30 days as well. */
  take(): Verdict {
    const now = this.#clock.now();
    this.#openPeriod(now);
    const exhausted = this.#monthlyRemaining(now) <= 0;
    this.#used++;
    if (exhausted) return 'quota';
    this.#slide(now);
    if (this.#window.length >= this.#switches.burstLimit) return 'burst';
    this.#window.push(now);
    return 'pass';
  }

  /** On every answer. */
  headers(): Record<string, string> {
    if (this.#switches.rateLimitHeaders === 'missing') return {};
    const now = this.#clock.now();
    this.#slide(now);
    const month = `ratelimit-${this.#switches.rateLimitHeaders}`;
    const { monthlyLimit, burstLimit } = this.#switches;
    return {
      [`${month}-limit`]: String(monthlyLimit),
      [`${month}-remaining`]: String(this.#monthlyRemaining(now)),
      'ratelimit-interval-limit': String(burstLimit),
      'ratelimit-interval-remaining': String(Math.max(0, burstLimit - this.#window.length)),
    };
  }

  /** Besides those, on a 429. */
  refusalHeaders(verdict: 'burst' | 'quota'): Record<string, string> {
    const now = this.#clock.now();
    const resetMs = (this.#periodStartMs ?? now) + PERIOD_MS;
    const waitSeconds = verdict === 'burst' ? 1 : Math.ceil((resetMs - now) / SECOND);
    return {
      ...(this.#switches.retryAfter ? { 'retry-after': String(waitSeconds) } : {}),
      ...(this.#switches.rateLimitHeaders === 'missing'
        ? {}
        : { 'ratelimit-reset': this.#resetText(resetMs) }),
    };
  }

  #resetText(resetMs: number): string {
    switch (this.#switches.rateLimitReset) {
      case 'seconds':
        return String(Math.ceil(resetMs / SECOND));
      case 'milliseconds':
        return String(resetMs);
      case 'iso':
        return new Date(resetMs).toISOString();
    }
  }

  /** The 30 days begin with the first request, and again with the first after they are over. */
  #openPeriod(now: number): void {
    if (this.#periodStartMs !== undefined && now < this.#periodStartMs + PERIOD_MS) return;
    this.#periodStartMs = now;
    this.#used = 0;
  }

  #monthlyRemaining(now: number): number {
    const days = (now - (this.#periodStartMs ?? now)) / DAY;
    const others = Math.floor(days * this.#switches.othersCallsPerDay);
    return Math.max(0, this.#switches.monthlyLimit - this.#used - others);
  }

  #slide(now: number): void {
    const second = Math.floor(now / SECOND);
    this.#window = this.#window.filter((atMs) =>
      this.#switches.rateWindow === 'sliding' ? atMs > now - SECOND : Math.floor(atMs / SECOND) === second,
    );
  }
}
