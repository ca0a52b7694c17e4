import { MINUTE, SECOND } from '../clock.ts';

const FIRST = 5 * SECOND;
const LONGEST = 15 * MINUTE;

/** More failed attempts than this and an admin must look: more than half a day of trying. */
export const MAX_ATTEMPTS = 60;

/** Wait before the next attempt, full jitter: up to 5 s after the first failure, doubling to 15 min. */
export function backoffMs(attempts: number, random: number): number {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(attempts - 1, 20));
  return Math.ceil(ceiling * (0.2 + 0.8 * random));
}
