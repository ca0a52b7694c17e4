import type { Dice } from './dice.ts';
import { type Action, HOUR, MINUTE } from './plan.ts';
import type { Script } from './script.ts';
import type { Service } from './service.ts';
import type { Settings } from './settings.ts';

/** Kills, restarts and jumps of the clock, as actions among the others. */
export function writeTroubles(
  parts: {
    readonly dice: Dice;
    readonly settings: Settings;
    readonly service: Service;
    readonly add: (action: Action) => void;
  },
  { startMs, endMs }: Script,
): void {
  const { dice, settings, service } = parts;
  const add = (run: () => void): void => {
    const atMs = startMs + Math.floor((endMs + HOUR - startMs) * dice.next());
    parts.add({ atMs, midRound: false, run: () => void run() });
  };
  for (let count = 0; count < settings.kills; count++) add(() => service.armKill(dice));
  for (let count = 0; count < settings.restarts; count++) add(() => service.askToRestart());
  // An assertion is signed with a time: Salesforce refuses one from a clock that is minutes behind.
  const widths = settings.auth === 'jwt' ? [20_000] : [20_000, 4 * MINUTE, HOUR, 5 * HOUR];
  for (let count = 0; count < settings.jumps; count++) {
    add(() => service.jump(dice.pick([-1, 1]) * dice.pick(widths)));
  }
}
