import type { Call, Vendor, WorkClass } from '../domain.ts';
import type { ParkReason } from '../errors.ts';

/** What an answer told about our allowance; absent members were not told. */
export interface Allowance {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAtMs?: number;
}

export interface RunOptions {
  /** False for requests that the vendor does not count, such as token requests: quota does not stop them. */
  readonly metered?: boolean;
}

/** Stands between one vendor's client and the network. Every request passes `run`. */
export interface Governor {
  readonly vendor: Vendor;
  /**
   * Waits for a place in the rate window and the concurrency limit, more important work first, then sends.
   * Rejects with `ParkedError` without sending while the vendor is parked (Retry-After, quota, auth); only a
   * `rate` park of at most five seconds is waited out. Rejects with the signal's reason when aborted in the queue.
   * The rate window counts from when `send` calls `sent`, at the latest from its end: a request may wait for its connection.
   */
  run<T>(
    call: Call,
    send: (signal: AbortSignal, sent: () => void) => Promise<T>,
    options?: RunOptions,
  ): Promise<T>;
  /** Throws the `ParkedError` that `run` would reject with at once; before work that only serves such a call. */
  check(work: WorkClass): void;
  /** Takes the vendor's own figures as the truth. */
  observe(allowance: Allowance): void;
  /**
   * No call before `untilMs`, which counts up to 31 days ahead; survives a restart. A later call only ever moves the
   * time further away. A `rate` park also slows down what follows.
   */
  park(reason: ParkReason, untilMs: number): void;
  /** Ends a park of this reason, e.g. after working credentials. */
  unpark(reason: ParkReason): void;
}
