/**
 * Preloaded into the program that is measured: its time runs faster, or skips ahead when the parent process says so,
 * and the parent is told what the process holds. The program itself is as built.
 */

import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import timers from 'node:timers/promises';

const [base = 0, speed = 1] = (process.env.TIME_LAPSE ?? '').split(',').map(Number);
const real = { now: Date.now, monotonic: performance.now.bind(performance), setTimeout: timers.setTimeout };
let skippedMs = 0;

Date.now = () => Math.floor(base + (real.now() - base) * speed + skippedMs);
performance.now = () => real.monotonic() * speed + skippedMs;
timers.setTimeout = (ms, value, options) => real.setTimeout(ms / speed, value, options);
syncBuiltinESMExports();

process.on('message', ({ skipMs }) => {
  skippedMs += skipMs;
  const { rss, heapUsed } = process.memoryUsage();
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.send({ rss, heapUsed, peak: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 });
});
process.channel?.unref();
