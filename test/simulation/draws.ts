import type { Dice } from './dice.ts';
import type { Feature } from './endpoints.ts';
import { CELLS } from './fault-kinds.ts';
import type { Injector } from './injector.ts';
import type { Settings } from './settings.ts';

const FEATURES: readonly Feature[] = ['jobs', 'imports', 'removals', 'moves', 'landing_pages'];

/** Mostly one or two at a time: every endpoint is called in a good share of all worlds. */
export function drawFeatures(dice: Dice): ReadonlySet<Feature> {
  const count = dice.pick([0, 1, 1, 1, 2]);
  return new Set(dice.shuffle(FEATURES).slice(0, count));
}

/** Arms cells of the table that this world can reach, at random times; some soon, so that set-up is hit as well. */
export function armFaults(
  injector: Injector,
  dice: Dice,
  { features }: Settings,
  fromMs: number,
  toMs: number,
): void {
  const reachable = CELLS.filter(
    ({ endpoint }) => endpoint.needs === undefined || features.has(endpoint.needs),
  );
  const special = reachable.filter(({ endpoint }) => endpoint.needs !== undefined);
  const count = dice.pick([0, 20, 36, 46, 56]);
  for (let each = 0; each < count; each++) {
    const cell = dice.pick(special.length > 0 && dice.chance(0.4) ? special : reachable);
    const isEarly = dice.chance(0.6);
    injector.arm({
      cell,
      fromMs: isEarly ? fromMs : fromMs + Math.floor((toMs - fromMs) * dice.next()),
      skip: isEarly ? dice.pick([0, 0, 0, 1, 3]) : 0,
      left: dice.pick([1, 1, 2, 3]),
    });
  }
}
