import { MINUTE, SECOND } from '../clock.ts';

const WINDOW_MS = 10 * MINUTE;
const REQUESTS_PER_WINDOW = 3;
/** A token that replaced a refused one and is refused as well: the fault is not its age. */
const REPLACED_HOLD_MS = MINUTE;
/** So long that even a daemon restarted after every refusal stays within the window's three. */
const REFUSED_HOLD_MS = WINDOW_MS / REQUESTS_PER_WINDOW;
const FAILED_HOLD_MS = 5 * SECOND;
const FAILED_HOLD_MAX_MS = MINUTE;

/**
 * How often tokens may be asked for (salesforce.md §1.2): at most three answered requests in ten minutes, at most
 * one replacement a minute, and a back-off after failures that heal by themselves, which do not count. Times
 * are monotonic milliseconds.
 */
export class TokenLimits {
  #answered: number[];
  #inVain: number[];

  /** @param inVain when earlier processes asked in vain: see `inVain`. */
  constructor(inVain: readonly number[] = []) {
    this.#answered = [...inVain];
    this.#inVain = [...inVain];
  }

  #notBefore = Number.NEGATIVE_INFINITY;
  #failures = 0;

  /**
   * When a grant was refused, or a token came that was soon refused, of late: a restart must not forget them, or a
   * crash loop would ask without end. Working tokens are not among them, so that restarting costs no wait.
   */
  get inVain(): readonly number[] {
    return this.#inVain;
  }

  /** Milliseconds until the next request is allowed; 0 for now. */
  waitMs(now: number): number {
    const third = this.#answered.at(-REQUESTS_PER_WINDOW) ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, this.#notBefore - now, third + WINDOW_MS - now);
  }

  /** A token came; `replacing` when the vendor had refused the one before. */
  issued(now: number, replacing: boolean): void {
    this.#answer(now);
    if (replacing) this.#notBefore = now + REPLACED_HOLD_MS;
  }

  /** The vendor refused a token. */
  tokenRefused(now: number): void {
    const issuedAt = this.#answered.at(-1);
    if (issuedAt !== undefined && now - issuedAt < WINDOW_MS) this.#addInVain(issuedAt);
  }

  /** The vendor refused the grant. */
  refused(now: number): void {
    this.#answer(now);
    this.#addInVain(now);
    this.#notBefore = now + REFUSED_HOLD_MS;
  }

  /** Network trouble, 5xx, "already being processed". */
  failed(now: number): void {
    this.#notBefore = now + Math.min(FAILED_HOLD_MAX_MS, FAILED_HOLD_MS * 2 ** this.#failures++);
  }

  #addInVain(at: number): void {
    this.#inVain = [...this.#inVain, at].slice(-REQUESTS_PER_WINDOW);
  }

  #answer(now: number): void {
    this.#failures = 0;
    this.#answered = [...this.#answered, now].slice(-REQUESTS_PER_WINDOW);
  }
}
