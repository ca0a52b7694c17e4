import { Dice } from './dice.ts';
import type { Feature } from './endpoints.ts';
import { CELLS, type Cell } from './fault-kinds.ts';
import type { Injector } from './injector.ts';
import type { Settings } from './settings.ts';

const FEATURES: readonly Feature[] = ['jobs', 'imports', 'removals', 'jobs', 'moves', 'landing_pages'];
/** Seeds in a row that have every feature at least once, and one without any. */
const ROUND = FEATURES.length + 1;
/** The table in an order that mixes vendors, endpoints and kinds. */
const TABLE: readonly Cell[] = new Dice(1).shuffle(CELLS);
/** Activities are looked for only after a write that may have arrived. */
const UNCERTAIN = CELLS.filter(
  ({ kind, endpoint }) =>
    kind.name === 'closed_after' && endpoint.label === 'POST /api/v5/external-activities',
);
/** Cells that one turn brings to one seed. */
const TURN = 24;

/** One feature after the other, so that every endpoint is called in a good share of all worlds; now and then a second. */
export function drawFeatures(dice: Dice, seed: number): ReadonlySet<Feature> {
  const own = FEATURES[seed % ROUND];
  const also = dice.chance(0.2) ? dice.pick(FEATURES) : own;
  return new Set([own, also].flatMap((feature) => feature ?? []));
}

/**
 * Arms cells of the table that this world can reach: those whose turn it is from the beginning, the next best calls
 * being hit, and others at random times. One seed in ten is left in peace.
 */
export function armFaults(
  injector: Injector,
  dice: Dice,
  { features }: Settings,
  { seed, fromMs, toMs }: { readonly seed: number; readonly fromMs: number; readonly toMs: number },
): void {
  if (dice.chance(0.1)) return;
  const common = TABLE.filter(({ endpoint }) => endpoint.needs === undefined);
  const special = TABLE.filter(({ endpoint }) => endpoint.needs && features.has(endpoint.needs));
  const rare = common.filter(({ endpoint }) => endpoint.isRare);
  const entries = special.filter(({ endpoint }) => endpoint.isEntry);
  const inside = special.filter(({ endpoint }) => !endpoint.isEntry);
  const round = Math.floor(seed / ROUND);
  const own =
    entries.length > 0 && dice.chance(0.5) ? turnOf(entries, round, 2) : turnOf(inside, round, TURN);
  const turns = [...turnOf(common, seed, TURN), ...turnOf(rare, seed, TURN), ...own];
  for (const cell of [...dice.shuffle(turns), ...UNCERTAIN]) injector.arm({ cell, fromMs, skip: 0, left: 1 });
  const reachable = [...common, ...special];
  const count = dice.pick([4, 10, 20]);
  for (let each = 0; each < count; each++) {
    injector.arm({
      cell: dice.pick(reachable),
      fromMs: fromMs + Math.floor((toMs - fromMs) * dice.next()),
      skip: 0,
      left: dice.pick([1, 1, 2, 3]),
    });
  }
}

/** The next ones of all, round and round. */
function turnOf(cells: readonly Cell[], turn: number, count: number): Cell[] {
  return Array.from({ length: count }, (_, index) => cells[(turn * count + index) % cells.length]).flatMap(
    (cell) => cell ?? [],
  );
}
