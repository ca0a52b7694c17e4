import type { Expectations } from './expectations.ts';

const MINUTE = 60_000;

/** Nothing was asked of a vendor faster, more at once, or sooner than it allows, and nothing unexpected. */
export function* checkLimits(expected: Expectations): Generator<string> {
  const { sim } = expected;
  const starts = sim.sandbox.livestorm.limits.maxStartsInAnySecond();
  // What left in time may arrive in a crowd when the way takes some requests longer than others.
  const isDirect = sim.settings.latencyMs === 0;
  if (isDirect && starts > 5) yield `Livestorm saw ${starts} starts within a second`;
  if (sim.peakInFlight > sim.settings.concurrency) {
    yield `Pardot worked on ${sim.peakInFlight} requests at once, ${sim.settings.concurrency} are allowed`;
  }
  for (const endpoint of sim.injector.unknownEndpoints) yield `not in the table of endpoints: ${endpoint}`;
  yield* checkPauses(expected);
  yield* checkTokens(expected);
  yield* checkOwnThrottling(expected);
}

/** No call inside a Retry-After, not even after a restart. */
function* checkPauses({ sim }: Expectations): Generator<string> {
  for (const { vendor, fromMs, untilMs } of sim.history.pauses) {
    // A process that was killed in that moment never read the answer.
    if (sim.births.some((birthMs) => birthMs >= fromMs && birthMs <= fromMs + MINUTE)) continue;
    const early = sim.arrivals.find(
      (each) =>
        each.vendor === vendor &&
        each.startedAtMs > fromMs + sim.settings.latencyMs * 2 &&
        each.startedAtMs < untilMs,
    );
    if (!early) continue;
    const seconds = Math.round((untilMs - early.startedAtMs) / 1000);
    yield `${vendor} was called ${seconds} s before its Retry-After was over (${early.label})`;
  }
}

/** However often tokens are refused: three requests in ten minutes, apart from those that failed on the way. */
function* checkTokens({ sim }: Expectations): Generator<string> {
  // Answers that were lost on the way count for the vendor, but the daemon cannot know of them.
  const lost = ['closed_after', 'garbage_after'].some((kind) =>
    sim.injector.hits.has(`${kind} × POST /services/oauth2/token`),
  );
  if (lost) return;
  const answered = sim.sandbox.log
    .entries()
    .filter(
      ({ path, status, fault }) =>
        path.includes('/oauth2/') && status >= 200 && status < 500 && status !== 408 && fault === undefined,
    );
  for (const [index, { atMs }] of answered.entries()) {
    const fourth = answered[index + 3];
    const restarts = sim.births.filter(
      (birthMs) => birthMs >= atMs && fourth && birthMs <= fourth.atMs,
    ).length;
    if (fourth && restarts === 0 && fourth.atMs - atMs < 10 * MINUTE) {
      yield `four tokens were asked for within ${Math.round((fourth.atMs - atMs) / 1000)} s`;
    }
  }
}

/** 429 and 66 that nobody armed are our own doing. */
function* checkOwnThrottling({ sim }: Expectations): Generator<string> {
  const own = sim.sandbox.log.entries().filter(({ status, fault }) => status === 429 && fault === undefined);
  const others = sim.history.trace.some((line) => line.includes('others'));
  if (own.length > 0 && !others && sim.settings.latencyMs === 0)
    yield `${own.length} answers 429 that nobody armed`;
}
