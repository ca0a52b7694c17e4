/**
 * Kills the built program with SIGKILL at random moments, again and again, while people submit forms and register; then
 * lets it finish and looks at the vendors: everybody registered once, mailed once, one prospect, one membership, one
 * activity. Prints how fast it comes back; exit code 1 when anybody was lost or doubled.
 *
 *   npm run kills                            200 cycles
 *   npm run kills -- --cycles 10000 --seed 7
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DAY, MINUTE, SECOND } from '../../src/clock.ts';
import { Random } from '../../src/sandbox/kernel/clock.ts';
import { Sandbox } from '../../src/sandbox/sandbox.ts';
import { buildProgram, Program, runProgram } from '../support/program.ts';
import { Audience } from './audience.ts';

const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const cycles = Number(values.cycles);
const random = new Random(Number(values.seed));
/** How long a life goes on after its first call, at most, in times of what it took to come to that call. */
const LONGEST = 2;
const MOST_PEOPLE = 1000;
/** What is unknown waits up to 150 s, and more may follow from it. */
const TIME_TO_FINISH = 8 * MINUTE;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface Life {
  /** Milliseconds from the start of the process; undefined when it did not live to see it. */
  readonly firstCallMs: number | undefined;
  readonly startedMs: number | undefined;
}

/** One start and one SIGKILL: one in five before the first call, the others in the middle of the work. */
async function live(sandbox: Sandbox, config: string, usualFirstCallMs: number): Promise<Life> {
  const startedAt = performance.now();
  const sinceStart = (): number => performance.now() - startedAt;
  const called = Promise.withResolvers<number>();
  const add = sandbox.log.add.bind(sandbox.log);
  sandbox.log.add = (entry) => {
    called.resolve(sinceStart());
    add(entry);
  };
  await using program = new Program(['run', '--config', config]);
  let startedMs: number | undefined;
  program.says('"started"').then(
    () => {
      startedMs = sinceStart();
    },
    () => undefined,
  );
  let firstCallMs: number | undefined;
  if (random.next() < 0.2) await delay(random.next() * usualFirstCallMs);
  else {
    firstCallMs = await called.promise;
    await delay(random.next() * LONGEST * firstCallMs);
  }
  program.kill('SIGKILL');
  await program.ended();
  sandbox.log.add = add;
  return { firstCallMs, startedMs };
}

/** Complete passes, ten seconds apart, until nothing is missing or the time is over. */
async function finish(config: string, audience: Audience): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < TIME_TO_FINISH) {
    await runProgram(['run', '--once', '--config', config]);
    if (audience.problems().length === 0) break;
    await delay(10 * SECOND);
  }
  return performance.now() - startedAt;
}

function percentiles(figures: readonly number[]): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms (${sorted.length} lives)`;
}

async function main(): Promise<number> {
  buildProgram();
  const dir = mkdtempSync(join(tmpdir(), 'livestorm-pardot-kills-'));
  await using sandbox = await Sandbox.start({
    latencyMs: 5,
    switches: {
      pardot: {
        ...{ mirrorDelayMs: 0, readLagMs: { min: 0, max: 0 }, dailyLimit: 10_000_000 },
        // So many people of one session are imported, which takes Account Engagement minutes.
        importDurationMs: SECOND,
      },
      livestorm: { burstLimit: 1000, monthlyLimit: 10_000_000, extraPeople: false },
    },
  });
  const config = await sandbox.writeConfig(dir);
  const yaml = readFileSync(config, 'utf8').replace(/(monthly|daily)_budget: \d+/g, '$1_budget: 10000000');
  writeFileSync(config, yaml);
  const audience = new Audience(sandbox, join(dir, 'state'));
  // Activation first, then a session with its campaign: forms can be submitted from the first cycle on.
  await runProgram(['run', '--once', '--config', config]);
  audience.newSession(sandbox.clock.now() + DAY);
  await runProgram(['run', '--once', '--config', config]);

  const lives: Life[] = [];
  const startedAt = performance.now();
  for (let cycle = 0; cycle < cycles; cycle++) {
    if (cycle > 0 && cycle % Math.ceil(cycles / 4) === 0) audience.newSession(sandbox.clock.now() + DAY);
    if (cycle % Math.ceil((2 * cycles) / MOST_PEOPLE) === 0) audience.arrive();
    lives.push(await live(sandbox, config, lives.findLast((life) => life.firstCallMs)?.firstCallMs ?? 500));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  print(`${cycles} cycles of start and SIGKILL, ${(cycles / seconds).toFixed(1)} a second`);
  print(`start to ready:      ${percentiles(lives.flatMap(({ startedMs }) => startedMs ?? []))}`);
  print(`start to first call: ${percentiles(lives.flatMap(({ firstCallMs }) => firstCallMs ?? []))}`);
  const finishMs = await finish(config, audience);
  const problems = audience.problems();
  for (const problem of problems) print(problem);
  print(
    `${audience.count('api')} people by forms and ${audience.count('page')} on the page: ` +
      `${problems.length} lost, doubled or unfinished ${Math.round(finishMs / 1000)} s after the last kill`,
  );
  rmSync(dir, { recursive: true });
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main();
