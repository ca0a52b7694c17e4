/**
 * Crashes at every boundary of the canonical scenario, at pairs of them, and a disk that is full from any commit on.
 * After each crash the daemon starts again, goes on to the end, and the vendors must have what they have without a crash.
 * Prints what it ran; exit code 1 for any difference.
 *
 *   npm run crashes                          every single boundary, the full disk at every commit, 200 pairs
 *   npm run crashes -- --step 5 --pairs 100  of the first two every fifth
 *   npm run crashes -- --pairs all           every ordered pair of notable boundaries
 *   npm run crashes -- --pairs 5000 --seed 7
 *   npm run crashes -- --only 12,30          one run again: a single death, or a pair
 *   npm run crashes -- --only-full 12,3      one run again: the commit, the minutes
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { type Case, type Ended, playCase } from './enumeration.ts';
import { Player, share, type Task } from './players.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '200' },
    step: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'only-full': { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const stepsTo = (count: number): number[] => upTo(count).filter((index) => index % Number(values.step) === 0);
const numbers = (text: string): number[] => text.split(',').map(Number);

/** Pairs are of notable boundaries, single deaths of every one. */
function dying(...at: number[]): Case {
  return { deaths: { fineness: at.length === 1 ? 'every' : 'notable', at } };
}

function fullFrom(commit: number, minutes: 0 | 3): Case {
  return { fullDisk: { commit, minutes } };
}

const PROGRESS_EVERY_MS = 60_000;

let problems = 0;

/** Resolves with false when there is no such boundary. */
async function tried(what: Case, play: (what: Case) => Promise<Ended>): Promise<boolean> {
  const { problem, left } = await play(what);
  if (problem !== null) {
    problems++;
    const again =
      'deaths' in what
        ? `--only ${what.deaths.at.join()}`
        : `--only-full ${what.fullDisk.commit},${what.fullDisk.minutes}`;
    print(`LOST OR DOUBLED, again with: npm run crashes -- ${again}\n${problem}`);
  }
  return left === 0;
}

async function enumerate(players: readonly Player[]): Promise<void> {
  const count = async (what: Case): Promise<number> => (await playCase(what)).boundaries;
  const every = await count({ deaths: { fineness: 'every', at: [] } });
  const notable = await count({ deaths: { fineness: 'notable', at: [] } });
  const commits = await count(fullFrom(Number.POSITIVE_INFINITY, 0));
  print(`${every} boundaries, ${notable} of them notable; ${commits} commits`);
  const single = stepsTo(every).map((at) => one(dying(at)));
  await phase(players, 'single crashes', single);
  const full = stepsTo(commits).flatMap((commit) => [one(fullFrom(commit, 0)), one(fullFrom(commit, 3))]);
  await phase(players, 'full disks', full);
  const random = new Random(Number(values.seed));
  const pairs =
    values.pairs === 'all'
      ? upTo(notable).map(everyPair)
      : upTo(Number(values.pairs)).map(() => somePair(random, notable));
  await phase(players, 'ordered pairs of crashes', pairs);
}

async function phase(players: readonly Player[], name: string, tasks: readonly CountedTask[]): Promise<void> {
  const startedAt = performance.now();
  const before = problems;
  let runs = 0;
  let done = 0;
  let toldAt = startedAt;
  const counted = tasks.map(
    (task): Task =>
      async (player) => {
        const ran = await task(player);
        runs += ran;
        done++;
        if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
        toldAt = performance.now();
        print(`  ${name}: ${Math.floor((100 * done) / tasks.length)} %, ${runs} runs`);
      },
  );
  await share(players, counted);
  const seconds = (performance.now() - startedAt) / 1000;
  const pace = `${Math.round(seconds)} s, ${(runs / seconds).toFixed(1)} runs/s`;
  print(`${name}: ${runs}, ${problems - before} with something lost or doubled (${pace})`);
}

/** Resolves with how many runs it was. */
type CountedTask = (player: Player) => Promise<number>;

function one(what: Case): CountedTask {
  return async (player) => ((await tried(what, (asked) => player.play(asked))) ? 1 : 0);
}

function everyPair(first: number): CountedTask {
  return async (player) => {
    let second = 0;
    while ((await one(dying(first, second))(player)) === 1) second++;
    return second;
  };
}

/** A pair whose second death is beyond the end is drawn again. */
function somePair(random: Random, total: number): CountedTask {
  return async (player) => {
    for (;;) {
      const first = Math.floor(random.next() * total);
      const second = Math.floor(random.next() * (total - first + 10));
      if ((await one(dying(first, second))(player)) === 1) return 1;
    }
  };
}

async function again(what: Case): Promise<void> {
  const exists = await tried(what, playCase);
  if (problems === 0) print(exists ? 'nothing lost, nothing doubled' : 'there is no such boundary');
}

if (values.only !== undefined) await again(dying(...numbers(values.only)));
else if (values['only-full'] !== undefined) {
  const [commit = 0, minutes] = numbers(values['only-full']);
  await again(fullFrom(commit, minutes === 3 ? 3 : 0));
} else {
  using stack = new DisposableStack();
  await enumerate(upTo(Number(values.workers)).map(() => stack.use(new Player())));
}
process.exitCode = problems === 0 ? 0 : 1;
