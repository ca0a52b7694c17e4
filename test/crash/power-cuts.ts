/**
 * Power cuts: records with strace what the daemon does to its state file during the canonical scenario, and then cuts the
 * power after every operation, keeping only what had been synced and a more or less lucky part of the rest. The real
 * store opens what is left; every acknowledged commit must be there, and nothing half. The same with `synchronous`
 * lowered to NORMAL must lose commits, or the check would be worth nothing. Exit code 1 when either is otherwise.
 *
 *   npm run power-cuts                     at least 10,000 points
 *   npm run power-cuts -- --points 100000 --seed 7
 *   npm run power-cuts -- --fixtures       records test/fixtures/power-cut-*.json.br anew
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { readFixture, writeFixture } from './power-cut/fixture.ts';
import type { Operation } from './power-cut/operation.ts';
import { type Replayed, replay } from './power-cut/replay.ts';
import { cannotRecord, type Recording, record } from './power-cut/strace.ts';
import { SCRATCH } from './stage.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    fixtures: { type: 'boolean', default: false },
  },
});
const obstacle = cannotRecord();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The canonical scenario, or the committed recording of a short one where nothing can be recorded. */
function operationsWith(synchronous: Recording['synchronous']): Operation[] {
  return obstacle ? readFixture(synchronous) : record({ scenario: 'full', synchronous });
}

/** Replays until there are so many points: as many combinations of sectors at each operation as that takes. */
function cut(synchronous: Recording['synchronous'], points: number): Replayed {
  const operations = operationsWith(synchronous);
  const scratch = mkdtempSync(join(SCRATCH, 'livestorm-pardot-power-cut-'));
  const startedAt = performance.now();
  const replayed = replay(operations, {
    scratch,
    random: new Random(Number(values.seed)),
    somePerOperation: Math.ceil(points / operations.length),
    every: Math.max(1, Math.floor((operations.length * 3) / points)),
  });
  rmSync(scratch, { recursive: true, force: true });
  const seconds = (performance.now() - startedAt) / 1000;
  const of = (kind: string) => replayed.damages.filter((damage) => damage.kind === kind).length;
  const acknowledged = operations.filter(({ kind }) => kind === 'acknowledged').length;
  print(
    `synchronous=${synchronous}: ${operations.length} operations, ${acknowledged} acknowledged commits; ` +
      `${replayed.points} points: ${of('lost')} lost acknowledged commits, ${of('half')} left something half, ` +
      `${of('unusable')} cannot be opened; ${Math.round(replayed.points / seconds)} points/s`,
  );
  return replayed;
}

if (values.fixtures) {
  if (obstacle) throw new Error(obstacle);
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    writeFixture(synchronous, record({ scenario: 'short', synchronous }));
  }
} else {
  if (obstacle) print(`${obstacle}: the committed recordings are replayed instead`);
  const { damages } = cut('FULL', Number(values.points));
  for (const damage of damages.slice(0, 5)) print(JSON.stringify({ seed: values.seed, ...damage }));
  const lowered = cut('NORMAL', Number(values.points) / 10);
  const isWorthSomething = lowered.damages.some(({ kind }) => kind === 'lost');
  if (!isWorthSomething) print('with NORMAL nothing was lost: this check does not see what it should');
  process.exitCode = damages.length === 0 && isWorthSomething ? 0 : 1;
}
