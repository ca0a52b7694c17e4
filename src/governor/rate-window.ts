export interface StartsPerWindow {
  readonly count: number;
  readonly windowMs: number;
}

/** One call that was let start. Until somebody tells when it was sent, it may be sent any moment. */
interface Start {
  sentAtMs?: number;
}

/**
 * A strict sliding window: at most `count` starts in any `windowMs`, wherever the window is laid. Times are
 * monotonic milliseconds, so that no change of the wall clock can break it.
 */
export class RateWindow {
  readonly #limit: StartsPerWindow;
  /** The latest `count`, and whatever was not sent yet. */
  #starts: Start[] = [];

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
    const latest = this.#starts.map(({ sentAtMs }) => sentAtMs ?? nowMs).sort((a, b) => b - a);
    const oldest = latest[this.#limit.count - 1];
    return oldest === undefined ? 0 : Math.max(0, oldest + this.#limit.windowMs / pace - nowMs);
  }

  /** Of a call that is sent at once. */
  start(nowMs: number): void {
    this.sent(this.begin(), nowMs);
  }

  /** Of a call that is sent when there is a connection for it: `sent` must follow. */
  begin(): Start {
    const start: Start = {};
    this.#starts.push(start);
    return start;
  }

  /** Heard once for each start. */
  sent(start: Start, nowMs: number): void {
    if (start.sentAtMs !== undefined) return;
    start.sentAtMs = nowMs;
    const waiting = this.#starts.filter(({ sentAtMs }) => sentAtMs === undefined);
    const gone = this.#starts.filter(({ sentAtMs }) => sentAtMs !== undefined);
    gone.sort((a, b) => (a.sentAtMs ?? 0) - (b.sentAtMs ?? 0));
    this.#starts = [...gone.slice(-this.#limit.count), ...waiting];
  }
}
