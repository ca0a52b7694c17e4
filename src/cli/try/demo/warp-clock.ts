import { type Clock, systemClock } from '../../../clock.ts';

/** Real time, with a button to skip some of it: a demo need not wait until tomorrow's webinar. */
export class WarpClock implements Clock {
  #skippedMs = 0;

  now(): number {
    return systemClock.now() + this.#skippedMs;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skippedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  deadline(ms: number): AbortSignal {
    return systemClock.deadline(ms);
  }

  random(): number {
    return systemClock.random();
  }

  skip(ms: number): void {
    this.#skippedMs += ms;
  }
}
