export interface StartsPerWindow {
  readonly count: number;
  readonly windowMs: number;
}

/**
 * A strict sliding window: at most `count` starts in any `windowMs`, wherever the window is laid. Times are
 * monotonic milliseconds, so that no change of the wall clock can break it.
 */
export class RateWindow {
  readonly #limit: StartsPerWindow;
  /** The latest `count` starts, oldest first. */
  readonly #starts: number[] = [];

  constructor(limit: StartsPerWindow) {
    this.#limit = limit;
  }

  /** Behaves as if `count` calls had just started: nobody knows how many the last process made before it ended. */
  fill(nowMs: number): void {
    for (let i = 0; i < this.#limit.count; i++) this.start(nowMs);
  }

  /**
   * Milliseconds until the next start is allowed; 0 for now.
   * @param pace below 1 stretches the window, so that fewer start.
   */
  waitMs(nowMs: number, pace = 1): number {
    const oldest = this.#starts[0];
    if (oldest === undefined || this.#starts.length < this.#limit.count) return 0;
    return Math.max(0, oldest + this.#limit.windowMs / pace - nowMs);
  }

  start(nowMs: number): void {
    this.#starts.push(nowMs);
    if (this.#starts.length > this.#limit.count) this.#starts.shift();
  }
}
