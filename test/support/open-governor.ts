import type { Call, Vendor } from '../../src/domain.ts';
import type { ParkReason } from '../../src/errors.ts';
import type { Allowance, Governor } from '../../src/governor/governor.ts';

/** Lets every request through at once, and remembers what the client told it. */
export class OpenGovernor implements Governor {
  readonly vendor: Vendor;
  readonly parks: { reason: ParkReason; untilMs: number }[] = [];
  observed: Allowance = {};
  runs = 0;
  /** Requests under way, and how many there were when `park` was last called. */
  #running = 0;
  parkedWhileRunning = 0;

  constructor(vendor: Vendor) {
    this.vendor = vendor;
  }

  async run<T>(call: Call, send: (signal: AbortSignal, sent: () => void) => Promise<T>): Promise<T> {
    this.runs++;
    this.#running++;
    try {
      return await send(call.signal, () => {});
    } finally {
      this.#running--;
    }
  }

  check(): void {}

  observe(allowance: Allowance): void {
    this.observed = { ...this.observed, ...allowance };
  }

  park(reason: ParkReason, untilMs: number): void {
    this.parks.push({ reason, untilMs });
    this.parkedWhileRunning = this.#running;
  }

  unpark(): void {}
}
