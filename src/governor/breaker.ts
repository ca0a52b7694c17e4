import { MINUTE, SECOND } from '../clock.ts';
import { RetryableError, UnreadableAnswerError } from '../errors.ts';
import type { SavedGovernor } from './state.ts';

const FAILURES_TO_OPEN = 5;
const FIRST_OPENING_MS = 10 * SECOND;
const LONGEST_OPENING_MS = 5 * MINUTE;
/** Openings vary by so much, so that not everybody comes back at once. */
const JITTER = 0.2;

/**
 * Leaves a vendor alone that does not answer. After five failures in a row nothing is sent for ten seconds, then one
 * call tries; each further failure doubles the pause, to five minutes at most. So a recovery is seen about as long
 * after it as the outage lasted, at the latest after five minutes or so.
 */
export class CircuitBreaker {
  readonly #random: () => number;
  #failures: number;
  #openings: number;

  /** @param random uniform in [0, 1). */
  constructor(random: () => number, saved: SavedGovernor['breaker']) {
    this.#random = random;
    this.#failures = saved?.failures ?? 0;
    this.#openings = saved?.openings ?? 0;
  }

  /** True from an opening on until the vendor has answered: one call at a time may try. */
  get isTrying(): boolean {
    return this.#openings > 0;
  }

  counts(): NonNullable<SavedGovernor['breaker']> {
    return { failures: this.#failures, openings: this.#openings };
  }

  /** Milliseconds to send nothing; 0 for none. */
  failed(): number {
    this.#failures++;
    if (!this.isTrying && this.#failures < FAILURES_TO_OPEN) return 0;
    const openingMs = Math.min(LONGEST_OPENING_MS, FIRST_OPENING_MS * 2 ** this.#openings++);
    return openingMs * (1 - JITTER + 2 * JITTER * this.#random());
  }

  /** The vendor answered, whatever it said. */
  answered(): void {
    this.#failures = 0;
    this.#openings = 0;
  }
}

/** Whether the vendor did not answer, or with trouble of its own; refusals and throttling are answers. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof RetryableError) || error instanceof UnreadableAnswerError) return false;
  return error.status === undefined || error.status === 408 || error.status >= 500;
}
