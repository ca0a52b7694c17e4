import { type Clock, DAY } from '../clock.ts';
import type { ParkReason } from '../errors.ts';
import type { SavedGovernor } from './state.ts';

export interface Park {
  readonly reason: ParkReason;
  readonly leftMs: number;
}

/** No vendor's quota counts longer: who asks for more, or a state saved under a wrong clock, is not believed. */
const LONGEST_PARK_MS = 31 * DAY;

/**
 * Until when a vendor must not be called, and why. Counted on the monotonic clock: a change of the wall clock
 * neither shortens nor stretches a park.
 */
export class Parks {
  readonly #clock: Clock;
  readonly #endsAt = new Map<ParkReason, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * `untilMs` is epoch milliseconds, at most 31 days ahead; NaN is not heard. An earlier time than the one that
   * stands changes nothing.
   */
  add(reason: ParkReason, untilMs: number): void {
    if (Number.isNaN(untilMs)) return;
    const endsAt = this.#clock.monotonic() + Math.min(LONGEST_PARK_MS, untilMs - this.#clock.now());
    this.#endsAt.set(reason, Math.max(endsAt, this.#endsAt.get(reason) ?? endsAt));
  }

  has(reason: ParkReason): boolean {
    return (this.#endsAt.get(reason) ?? Number.NEGATIVE_INFINITY) > this.#clock.monotonic();
  }

  end(reason: ParkReason): void {
    this.#endsAt.delete(reason);
  }

  /** Reason → until when, in epoch milliseconds; those that are over are left out. */
  all(): Partial<Record<ParkReason, number>> {
    const toWall = this.#clock.now() - this.#clock.monotonic();
    const lasting = [...this.#endsAt].filter(([, endsAt]) => endsAt > this.#clock.monotonic());
    return Object.fromEntries(lasting.map(([reason, endsAt]) => [reason, endsAt + toWall]));
  }

  /** The park that lasts longest, among those that count; undefined when there is none. */
  longest(counts: (reason: ParkReason) => boolean = () => true): Park | undefined {
    const now = this.#clock.monotonic();
    let longest: Park | undefined;
    for (const [reason, endsAt] of this.#endsAt) {
      const leftMs = endsAt - now;
      if (leftMs > (longest?.leftMs ?? 0) && counts(reason)) longest = { reason, leftMs };
    }
    return longest;
  }
}

/** What was saved, over or not: reason and until when, in epoch milliseconds. */
export function parksOf(saved: SavedGovernor | undefined): [ParkReason, number][] {
  if (saved?.parks) return Object.entries(saved.parks) as [ParkReason, number][];
  return saved?.parkReason && saved.parkedUntilMs ? [[saved.parkReason, saved.parkedUntilMs]] : [];
}
