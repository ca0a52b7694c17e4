import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SeedResult } from './seed.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Seeds that one process plays before a fresh one takes over. */
const SEEDS_PER_PROCESS = 2_000;

/** Plays the seeds on so many processes; calls `onResult` as they end, in no order. */
export async function playSeeds(
  seeds: Iterable<number>,
  workers: number,
  onResult: (result: SeedResult) => void,
): Promise<void> {
  const queue = seeds[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    let next = queue.next();
    while (!next.done) next = await playSome(queue, next.value, onResult);
  };
  await Promise.all(Array.from({ length: workers }, lane));
}

/** One process, until its share is done; answers with what comes next. */
async function playSome(
  queue: Iterator<number>,
  first: number,
  onResult: (result: SeedResult) => void,
): Promise<IteratorResult<number>> {
  const child = fork(WORKER, { execArgv: ['--import', 'tsx', '--max-semi-space-size=32'] });
  let next: IteratorResult<number> = { done: false, value: first };
  try {
    for (let played = 0; played < SEEDS_PER_PROCESS && !next.done; played++) {
      onResult(await ask(child, next.value));
      next = queue.next();
    }
  } finally {
    child.kill();
  }
  return next;
}

function ask(child: ChildProcess, seed: number): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`the process of seed ${seed} ended with ${code}`));
    };
    child.once('exit', onExit);
    child.once('message', (result) => {
      child.off('exit', onExit);
      resolve(result as SeedResult);
    });
    child.send(seed);
  });
}
