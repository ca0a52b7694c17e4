import { check } from './checker.ts';
import { Simulation } from './simulation.ts';

/** What one seed showed; small enough to be sent between processes. */
export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Of everything that was sent: two runs of a seed must agree. */
  readonly fingerprint: string;
  readonly requests: number;
  /** Cell → hits. */
  readonly hits: Readonly<Record<string, number>>;
  readonly kills: number;
  /** What happened, for people; empty when nothing is wrong. */
  readonly trace: readonly string[];
}

const TRACED = 80;

/** Plays one seed to its end and checks it. A bug of the simulation itself is a violation as well. */
export async function runSeed(seed: number): Promise<SeedResult> {
  await using sim = new Simulation(seed);
  const violations: string[] = [];
  try {
    await sim.play();
    violations.push(...check(sim, await sim.idle()));
  } catch (error) {
    violations.push(`the simulation broke: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return {
    seed,
    violations,
    fingerprint: sim.fingerprint(),
    requests: sim.arrivals.length,
    hits: Object.fromEntries(sim.injector.hits),
    kills: sim.history.trace.filter((line) => line.endsWith('was killed')).length,
    trace: violations.length > 0 ? sim.history.trace.slice(-TRACED) : [],
  };
}
