import { runSeed } from './seed.ts';

/** Plays the seeds it is sent, one after the other. */
process.on('message', (seed: number) => {
  void runSeed(seed).then((result) => process.send?.(result));
});
