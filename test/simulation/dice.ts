import { Random } from '../../src/sandbox/kernel/clock.ts';

/** Seeded chance in the words of a script. */
export class Dice extends Random {
  /** True in `share` (0 to 1) of all throws. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of at least one. */
  pick<T>(items: readonly T[]): T {
    const picked = items[this.between(0, items.length - 1)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }
}
