import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { playSeeds } from './pool.ts';
import { runSeed, type SeedResult } from './seed.ts';
import { markdown } from './table.ts';
import { Tally } from './tally.ts';

/**
 * `--seeds N [--from S]` plays N seeds from S (1) on, `--seed S` one of them, with everything that happened.
 * `--minutes M` begins no more of them after so long.
 * `--workers` processes at once, `--json FILE` for the figures, `--table FILE` for the docs. Ends with 1 on any violation,
 * and when a kind of fault was hit nowhere at an endpoint, or nowhere recovered from.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    minutes: { type: 'string', default: 'Infinity' },
    workers: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
    table: { type: 'string' },
  },
});

/** After so many seeds every field of the table of faults has long been hit. */
const TABLE_FILLS = 2_500;

const commit = commitNow();

function commitNow(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}

function printFailure({ seed, violations, trace }: SeedResult): void {
  console.log(`\nseed ${seed} at commit ${commit}: ${violations.length} violations`);
  for (const violation of violations) console.log(`  ✖ ${violation}`);
  for (const line of trace) console.log(`    ${line}`);
  console.log(`  again: npm run simulate -- --seed ${seed}`);
}

async function playOne(seed: number): Promise<boolean> {
  const result = await runSeed(seed);
  console.log(`seed ${seed}: ${result.requests} requests, fingerprint ${result.fingerprint}`);
  if (result.violations.length > 0) printFailure(result);
  else console.log('no violation');
  return result.violations.length === 0;
}

async function playMany(count: number, from: number): Promise<boolean> {
  const tally = new Tally();
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const most = Number(values.minutes) * 60;
  const inTime = function* (): Generator<number> {
    for (let seed = from; seed < from + count && seconds() < most; seed++) yield seed;
  };
  await playSeeds(inTime(), Number(values.workers), (result) => {
    tally.add(result);
    if (result.violations.length > 0) printFailure(result);
    if (tally.seeds % Math.max(10, Math.floor(count / 20)) !== 0) return;
    console.log(
      `${tally.seeds} of ${count} seeds, ${(tally.seeds / seconds()).toFixed(1)} a second, ${tally.faults} faults, ${tally.failures.length} failed`,
    );
  });
  if (tally.seeds < count) console.log(`${values.minutes} minutes are over after ${tally.seeds} seeds`);
  print(tally, seconds());
  const isTableComplete = tally.seeds < TABLE_FILLS || tally.missing().length === 0;
  return tally.seeds > 0 && tally.failures.length === 0 && isTableComplete;
}

function print(tally: Tally, seconds: number): void {
  const table = tally.byEndpoint();
  console.log('\nfaults by endpoint: kinds, hit, hit and recovered, kinds without a recovery');
  for (const { endpoint, kinds, hit, recovered, missing } of table) {
    console.log(
      `${endpoint.padEnd(70)} ${String(kinds).padStart(3)} ${String(hit).padStart(7)} ${String(recovered).padStart(7)} ${String(missing).padStart(3)}`,
    );
  }
  const missing = tally.missing();
  if (tally.seeds >= TABLE_FILLS) for (const name of missing) console.log(`not reached: ${name}`);
  console.log(
    `\n${tally.seeds} seeds in ${seconds.toFixed(0)} s (${(tally.seeds / seconds).toFixed(1)} a second), ${tally.requests} requests, ` +
      `${tally.faults} faults, ${tally.kills} kills; ${tally.cells.size - missing.length} of ${tally.cells.size} cells hit and recovered; ` +
      `${tally.failures.length} seeds with violations${tally.failures.length > 0 ? `: ${tally.failures.map(({ seed }) => seed).join(' ')}` : ''}`,
  );
  if (values.table) writeFileSync(values.table, markdown(tally));
  if (!values.json) return;
  const figures = {
    commit,
    seeds: tally.seeds,
    seconds: Math.round(seconds),
    requests: tally.requests,
    faults: tally.faults,
    kills: tally.kills,
    failures: tally.failures,
    cells: Object.fromEntries(tally.cells),
    missing,
  };
  writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}

const isFine = values.seed
  ? await playOne(Number(values.seed))
  : await playMany(Number(values.seeds), Number(values.from));
process.exit(isFine ? 0 : 1);
