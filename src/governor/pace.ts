import { type Clock, MINUTE, SECOND } from '../clock.ts';

const LEAST = 1 / 8;
/** Complaints so close together are about the same burst. */
const SAME_BURST_MS = 2 * SECOND;
const RECOVERY_PER_MINUTE = 1 / 8;

/**
 * How much of the allowed pace is used. Limits are shared with tools we do not know of: when the vendor complains
 * (429, code 66) the share is halved, then grows back by an eighth a minute.
 */
export class AdaptivePace {
  readonly #clock: Clock;
  #share: number;
  /** Monotonic. */
  #since: number;

  constructor(clock: Clock, share = 1) {
    this.#clock = clock;
    this.#share = share;
    this.#since = clock.monotonic();
  }

  /** From 1/8 to 1. */
  get share(): number {
    const grown = ((this.#clock.monotonic() - this.#since) / MINUTE) * RECOVERY_PER_MINUTE;
    return Math.min(1, this.#share + grown);
  }

  slowDown(): void {
    const now = this.#clock.monotonic();
    const isSameBurst = this.#share < 1 && now - this.#since < SAME_BURST_MS;
    if (!isSameBurst) this.#share = Math.max(LEAST, this.share / 2);
    this.#since = now;
  }
}
