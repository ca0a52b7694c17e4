import type { Admin } from './admin.ts';
import type { Dice } from './dice.ts';
import type { Character } from './people.ts';
import type { Settings } from './settings.ts';
import type { Stage } from './stage.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Something that happens in a world. */
export interface Action {
  readonly atMs: number;
  /** Done in the middle of the daemon's next pass instead of before it. */
  readonly midRound: boolean;
  /** May answer with when to try again. */
  readonly run: () => number | undefined;
}

/** What every part of a script is written from. */
export interface Plan {
  readonly stage: Stage;
  readonly admin: Admin;
  readonly dice: Dice;
  readonly settings: Settings;
  readonly cast: readonly Character[];
  /** The daemon's first start. */
  readonly startMs: number;
  readonly add: (action: Action) => void;
}

/** One session as the script means it. */
export interface Show {
  /** Empty until it is created. */
  id: string;
  readonly createdAtMs: number;
  readonly startsAtMs: number;
  readonly overMs: number;
}

/** `run` may answer with a time at which to try again; whatever else it answers means nothing. */
export function at({ add, dice }: Plan, atMs: number, run: () => unknown): void {
  const again = (answer: unknown): number | undefined => (typeof answer === 'number' ? answer : undefined);
  add({ atMs, midRound: dice.chance(0.2), run: () => again(run()) });
}

/** Any moment of a span; its beginning when it has no length. */
export function between(dice: Dice, fromMs: number, toMs: number): number {
  return fromMs + Math.floor(Math.max(0, toMs - fromMs) * dice.next());
}
