import { type LivestormJobsClient, MAX_PEOPLE } from '../clients/livestorm-jobs.ts';
import type { Call, FieldValue } from '../domain.ts';
import { RefusedError, RetryableError } from '../errors.ts';
import type { Counts, Run } from '../job.ts';
import type { Effect } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import { type ApplyParts, type EffectHandler, end, isPark, park, problemOf } from './apply.ts';
import { JobPace } from './job-pace.ts';
import { FEWEST_PEOPLE, LOST_JOB_SETTLE, pollWaitMs } from './plan-registration-jobs.ts';
import { fitToForm } from './plan-registrations.ts';
import { type EndingParts, subject } from './registration-endings.ts';
import { followJobs } from './registration-job-results.ts';

export interface RegistrationJobsParts extends ApplyParts, EndingParts {
  readonly livestormJobs: LivestormJobsClient;
  /** Whether new jobs are started. Those under way are followed in any case. */
  readonly startNew: boolean;
}

/** One look at jobs under way and people who wait; `handler` is the one that registers them one by one. */
export type RegistrationJobsRun = (run: Run, handler: EffectHandler<unknown>) => Promise<Counts>;

/**
 * Registers many people of one session at once (livestorm.md §6.3). A job is followed from run to run. It takes only
 * people who were never tried: whatever does not end well in a job is left to the single way, which looks first
 * whether the person is there.
 */
export function registrationJobs(parts: RegistrationJobsParts): RegistrationJobsRun {
  const pace = new JobPace(parts.clock);
  return async (run, handler) => {
    if (parts.dryRun) return {};
    const counts: Record<string, number> = {};
    const count = (name: string): void => {
      counts[name] = (counts[name] ?? 0) + 1;
    };
    await followJobs(parts, handler, run, count);
    if (parts.startNew) await startJobs(parts, handler, run, pace, count);
    return counts;
  };
}

async function startJobs(
  parts: RegistrationJobsParts,
  handler: EffectHandler<unknown>,
  run: Run,
  pace: JobPace,
  count: (name: string) => void,
): Promise<void> {
  const { store, clock } = parts;
  for (const sessionId of store.effects.sessionsToBegin(handler.kind, clock.now(), FEWEST_PEOPLE)) {
    while (!run.stopping() && !pace.isGivenUp()) {
      const people = nextPeople(parts, handler, sessionId, count);
      if (people.length < FEWEST_PEOPLE) break;
      const call = run.call(handler.work);
      await pace.wait(call.stopping ?? call.signal).catch(() => undefined);
      if (run.stopping()) return;
      count(await post(parts, handler, pace, people, call));
    }
  }
}

/** Those who are still wanted; the others end here, without a request. */
function nextPeople(
  parts: RegistrationJobsParts,
  handler: EffectHandler<unknown>,
  sessionId: string,
  count: (name: string) => void,
): Effect[] {
  const { store, clock } = parts;
  while (true) {
    const due = store.effects.toBegin(handler.kind, sessionId, clock.now(), MAX_PEOPLE);
    const ended = due.flatMap((effect) => {
      const early = handler.precheck?.(effect);
      if (early) end(parts, effect, early);
      return early ? [early.state] : [];
    });
    if (ended.length === 0) return due;
    for (const state of ended) count(state);
  }
}

/** Everything is on disk before the job is posted: a crash from here on means "may have been registered". */
async function post(
  parts: RegistrationJobsParts,
  handler: EffectHandler<unknown>,
  pace: JobPace,
  people: readonly Effect[],
  call: Call,
): Promise<'jobs' | 'parked' | 'retry'> {
  const { store, clock, log, livestormJobs } = parts;
  const sessionId = people[0]?.sessionId ?? '';
  const applications = people.map((effect) => applicationOf(store, effect));
  const job = store.transaction(() => {
    for (const { id } of people) store.effects.markSending(id, clock.now());
    return store.registrationJobs.begin({ sessionId, effectIds: people.map(({ id }) => id) }, clock.now());
  });
  try {
    const { jobId } = await livestormJobs.startRegistration(sessionId, applications, call);
    pace.succeeded();
    store.registrationJobs.accepted(job, jobId, clock.now() + pollWaitMs(0));
    log.info({ sessionId, count: people.length }, 'a registration job was started');
    return 'jobs';
  } catch (error) {
    return store.transaction(() => {
      store.registrationJobs.remove(job);
      return settleFailedPost(parts, handler, pace, people, error);
    });
  }
}

/** The mapped fields that the event's form has, as in a single registration. */
function applicationOf(store: Store, effect: Effect): Record<string, FieldValue> {
  const { registration, session } = subject(store, effect);
  const { fitting } = fitToForm(registration.fields, session.event?.fields ?? []);
  return { ...fitting, email: registration.email };
}

/**
 * What was refused goes alone, what may have been applied is looked up first. After trouble of any other kind everyone
 * due waits together, so that the next attempt can be a job again.
 */
function settleFailedPost(
  parts: RegistrationJobsParts,
  handler: EffectHandler<unknown>,
  pace: JobPace,
  people: readonly Effect[],
  error: unknown,
): 'parked' | 'retry' {
  const { store, clock, log } = parts;
  const nowMs = clock.now();
  const putBack = (state: 'pending' | 'unknown', dueAtMs: number, attempts: 0 | 1): void => {
    for (const { id } of people) store.effects.postpone({ id, attempts }, state, dueAtMs, problemOf(error));
  };
  const [first] = people;
  if (isPark(error) && first) {
    putBack('pending', nowMs, 0);
    return park(parts, handler, first, error, false);
  }
  log.warn({ count: people.length, err: error }, 'a registration job could not be started');
  if (error instanceof RefusedError) {
    putBack('pending', nowMs, 1);
    return 'retry';
  }
  const isUnapplied = error instanceof RetryableError && error.applied === 'not_applied';
  if (isUnapplied) putBack('pending', nowMs, 0);
  else putBack('unknown', nowMs + LOST_JOB_SETTLE, 1);
  const notBeforeMs = (error instanceof RetryableError && error.notBeforeMs) || 0;
  const untilMs = Math.max(notBeforeMs, nowMs + pace.failed(isUnapplied));
  if (!pace.isGivenUp()) store.effects.parkDue(handler.kind, nowMs, untilMs, problemOf(error));
  return 'retry';
}
