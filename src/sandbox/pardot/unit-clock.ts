import type { SandboxClock } from '../kernel/clock.ts';

/** The sandbox's clock, but for work that was due earlier and is only done when somebody looks. */
export class UnitClock implements SandboxClock {
  readonly #clock: SandboxClock;
  #atMs: number | undefined;

  constructor(clock: SandboxClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#atMs ?? this.#clock.now();
  }

  /** Runs `work` as if it were `atMs`. */
  asOf(atMs: number, work: () => void): void {
    this.#atMs = atMs;
    try {
      work();
    } finally {
      this.#atMs = undefined;
    }
  }
}
