import { setTimeout as delay } from 'node:timers/promises';

/**
 * Everything the daemon knows of time and chance. It is handed in, so that a test can put a virtual clock in
 * its place. Apart from this file nothing in `src` reads the clock or draws a random number.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. May jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. For waits and durations. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds of real time: the outer deadline of one request. */
  deadline(ms: number): AbortSignal;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
  deadline: (ms) => AbortSignal.timeout(ms),
  random: () => Math.random(),
};

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-03-01T14:00:00Z`, for people and for vendors; whole seconds, UTC. */
export function isoSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
