import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Random } from '../../../src/sandbox/kernel/clock.ts';
import { openStore, stateFile } from '../../../src/store/store.ts';
import { digestOf } from './content.ts';
import { Disk, type Luck } from './disk.ts';
import type { Operation } from './operation.ts';

/** After how many operations, and with which luck, the power went. */
export interface Cut {
  readonly after: number;
  readonly luck: 'nothing' | 'everything' | 'torn' | 'some';
}

/** `lost`: so many acknowledged commits are gone. `half`: a state that never was. `unusable`: it cannot be opened. */
export interface Damage extends Cut {
  readonly kind: 'lost' | 'half' | 'unusable';
  readonly detail: string;
}

export interface Replayed {
  readonly points: number;
  readonly damages: readonly Damage[];
}

/**
 * Cuts the power after each operation in several ways, opens what the disk would hold with the real store, and
 * compares it with what had been acknowledged.
 *
 * @param scratch A folder for the files; it is emptied for every point.
 * @param somePerOperation How many random combinations of unsynced sectors to try at each operation.
 * @param every Only each so-many-th operation.
 */
export function replay(
  operations: readonly Operation[],
  options: { scratch: string; random: Random; somePerOperation: number; every?: number },
): Replayed {
  const { scratch, random, somePerOperation, every = 1 } = options;
  const acknowledgements = operations.filter((operation) => operation.kind === 'acknowledged');
  const states = [EMPTY, ...acknowledgements.map(({ digest }) => digest)];
  const disk = new Disk();
  const damages: Damage[] = [];
  let points = 0;
  let acknowledged = 0;
  for (const [after, operation] of operations.entries()) {
    disk.apply(operation);
    if (operation.kind === 'acknowledged') acknowledged++;
    if (after % every !== 0) continue;
    const some = Array.from({ length: somePerOperation }, () => 'some' as const);
    const lucks: Cut['luck'][] = disk.isSettled ? ['nothing'] : ['nothing', 'everything', 'torn', ...some];
    for (const luck of lucks) {
      points++;
      const files = disk.afterCut(LUCKS[luck](random));
      const damage = inspect(files, scratch, states, acknowledged);
      if (damage) damages.push({ after, luck, ...damage });
    }
  }
  return { points, damages };
}

const EMPTY = digestOf(new Sqlite(':memory:'));

const LUCKS: Readonly<Record<Cut['luck'], (random: Random) => Luck>> = {
  nothing: () => ({ entries: () => 0, sector: () => false, torn: (length) => length }),
  everything: () => ({ entries: (pending) => pending, sector: () => true, torn: (length) => length }),
  torn: (random) => ({
    entries: (pending) => pending,
    sector: () => true,
    torn: (length) => Math.floor(random.next() * length),
  }),
  some: (random) => {
    const share = random.next();
    return {
      entries: (pending) => Math.floor(random.next() * (pending + 1)),
      sector: () => random.next() < share,
      torn: (length) => length,
    };
  },
};

function inspect(
  files: ReadonlyMap<string, Buffer>,
  scratch: string,
  states: readonly string[],
  acknowledged: number,
): Pick<Damage, 'kind' | 'detail'> | undefined {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  for (const [file, bytes] of files) writeFileSync(join(scratch, file), bytes);
  try {
    const digest = recover(scratch);
    // Before the first one there is nothing to lose, and each migration is a state of its own.
    if (acknowledged === 0) return undefined;
    if (digest === states[acknowledged] || digest === states[acknowledged + 1]) return undefined;
    const found = states.lastIndexOf(digest, acknowledged);
    if (found === -1) return { kind: 'half', detail: `after ${acknowledged} commits` };
    return { kind: 'lost', detail: `${acknowledged - found} of ${acknowledged} commits` };
  } catch (error) {
    return { kind: 'unusable', detail: String(error) };
  }
}

/** What SQLite finds in the files, and whether the store takes it; the digest is that before a migration. */
function recover(folder: string): string {
  const sqlite = new Sqlite(stateFile(folder));
  try {
    const integrity = sqlite.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new Error(String(integrity));
    return digestOf(sqlite);
  } finally {
    sqlite.close();
    openStore(folder)[Symbol.dispose]();
  }
}
