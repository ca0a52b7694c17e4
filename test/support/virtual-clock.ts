import type { Clock } from '../../src/clock.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

/**
 * Time that passes only when everybody sleeps: on each event-loop turn the earliest sleeper is woken and the
 * clock stands at its hour. Fits the daemon's `Clock` and the sandbox's `SandboxClock`, so both share one time.
 */
export class VirtualClock implements Clock {
  /** While false, only `advance` moves time. */
  #autoAdvance: boolean;
  #wallOffsetMs: number;
  #elapsedMs = 0;
  #pumpPending = false;
  #holds = 0;
  /** Ascending by hour, first come first within one hour. */
  readonly #sleepers: Sleeper[] = [];
  readonly #random: Random;
  readonly #virtualDeadlines: boolean;
  /** By hour: requests that begin together end together. */
  readonly #deadlines = new Map<number, AbortController>();

  /** `virtualDeadlines`: `deadline` counts virtual time, too. For requests that never take real time. */
  constructor(
    startAtMs: number,
    options: { seed?: number; autoAdvance?: boolean; virtualDeadlines?: boolean } = {},
  ) {
    this.#virtualDeadlines = options.virtualDeadlines ?? false;
    this.#wallOffsetMs = startAtMs;
    this.#autoAdvance = options.autoAdvance ?? true;
    this.#random = new Random(options.seed ?? 1);
  }

  now(): number {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  random(): number {
    return this.#random.next();
  }

  /** Real time unless told otherwise: requests to a server on loopback take real time. */
  deadline(ms: number): AbortSignal {
    if (!this.#virtualDeadlines) return AbortSignal.timeout(ms);
    const atMs = this.#elapsedMs + ms;
    const abort = this.#deadlines.get(atMs) ?? new AbortController();
    this.#deadlines.set(atMs, abort);
    return abort.signal;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const sleeper = {
        atMs: this.#elapsedMs + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#insert(sleeper);
      this.#schedulePump();
    });
  }

  /** Nobody is woken by auto-advance until the returned function is called. */
  hold(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds--;
      this.#schedulePump();
    };
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  set autoAdvance(on: boolean) {
    this.#autoAdvance = on;
    this.#schedulePump();
  }

  /** Moves time on, waking whoever is due at their own hour, those who fall asleep again on the way included. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms;
    await turn();
    while ((this.#sleepers[0]?.atMs ?? Number.POSITIVE_INFINITY) <= untilMs) {
      this.#wakeFirst();
      await turn();
    }
    this.#passTo(untilMs);
  }

  /** Sets the wall clock forward or, with a negative value, back. Nobody wakes: waits are monotonic. */
  jump(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  #insert(sleeper: Sleeper): void {
    const later = this.#sleepers.findIndex((other) => other.atMs > sleeper.atMs);
    this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, sleeper);
  }

  #schedulePump(): void {
    if (this.#pumpPending || this.#holds > 0 || !this.#autoAdvance || this.#sleepers.length === 0) return;
    this.#pumpPending = true;
    setImmediate(() => {
      this.#pumpPending = false;
      if (this.#autoAdvance && this.#holds === 0) this.#wakeFirst();
      this.#schedulePump();
    });
  }

  #wakeFirst(): void {
    const sleeper = this.#sleepers.shift();
    if (!sleeper) return;
    this.#passTo(sleeper.atMs);
    sleeper.wake();
  }

  #passTo(elapsedMs: number): void {
    this.#elapsedMs = Math.max(this.#elapsedMs, elapsedMs);
    for (const [atMs, abort] of this.#deadlines) {
      if (atMs > this.#elapsedMs) continue;
      this.#deadlines.delete(atMs);
      abort.abort(TIMED_OUT);
    }
  }
}

/** One for all: a stack for each would cost more than most requests. */
const TIMED_OUT = new DOMException('The operation timed out', 'TimeoutError');

/** One turn of the event loop, in which everything that can go on does. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
