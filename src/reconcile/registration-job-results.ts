import type { JobTask, LivestormJobsClient } from '../clients/livestorm-jobs.ts';
import type { Call, Outcome } from '../domain.ts';
import { AppError, ParkedError } from '../errors.ts';
import type { Run } from '../job.ts';
import type { Effect } from '../store/effects.ts';
import type { RegistrationJob } from '../store/registration-jobs.ts';
import { type ApplyParts, type EffectHandler, type Ending, end, isPark } from './apply.ts';
import {
  isTold,
  JOB_PATIENCE,
  LOOKS_AT_TASKS,
  LOST_JOB_SETTLE,
  matchTasks,
  outcomeOfTask,
  pollWaitMs,
} from './plan-registration-jobs.ts';
import { fitToForm } from './plan-registrations.ts';
import {
  closedNow,
  concluding,
  type EndingParts,
  skipping,
  subject,
  without,
} from './registration-endings.ts';

interface ResultParts extends ApplyParts, EndingParts {
  readonly livestormJobs: LivestormJobsClient;
}

type Count = (name: string) => void;

/** Asks every job under way that is due to be asked, once, and settles those that are over. */
export async function followJobs(
  parts: ResultParts,
  handler: EffectHandler<unknown>,
  run: Run,
  count: Count,
): Promise<void> {
  parts.store.registrationJobs.redate(parts.clock.now());
  for (const job of parts.store.registrationJobs.all()) {
    if (run.stopping()) return;
    if (job.jobId === null) giveBack(parts, job, count);
    else if (job.nextPollAtMs <= parts.clock.now()) {
      await follow(parts, handler, { ...job, jobId: job.jobId }, run.call(handler.work), count);
    }
  }
}

/** The daemon stopped while the job was posted: nobody knows its id, and it may be at work. */
function giveBack({ store }: ResultParts, job: RegistrationJob, count: Count): void {
  store.transaction(() => {
    store.registrationJobs.remove(job.id);
    for (const effect of stillSending(store.effects.byIds(job.effectIds))) {
      store.effects.postpone(effect, 'unknown', job.startedAtMs + LOST_JOB_SETTLE, {
        class: 'Interrupted',
        message: 'the daemon stopped while the job with this person was on its way',
      });
      count('retry');
    }
  });
}

function stillSending(effects: ReadonlyMap<number, Effect>): Effect[] {
  return [...effects.values()].filter(({ state }) => state === 'sending');
}

type StartedJob = RegistrationJob & { readonly jobId: string };

async function follow(
  parts: ResultParts,
  handler: EffectHandler<unknown>,
  job: StartedJob,
  call: Call,
  count: Count,
): Promise<void> {
  const { store, clock, log } = parts;
  const isOld = clock.now() >= job.startedAtMs + JOB_PATIENCE;
  const { sessionId } = job;
  try {
    const tasks = await finalTasks(parts, job, isOld, call);
    if (!tasks) return store.registrationJobs.polled(job.id, clock.now() + pollWaitMs(job.polls + 1));
    const hasRefused = tasks.some(({ result }) => result === 'refused');
    const closed = hasRefused ? await closedNow(parts, sessionId, call) : null;
    settle(parts, handler, job, { tasks, closed }, count);
  } catch (error) {
    const level = error instanceof AppError ? 'warn' : 'error';
    log[level]({ sessionId, err: error }, 'a registration job did not tell its outcome');
    if (isOld && !isPark(error)) return settle(parts, handler, job, { tasks: [], closed: null }, count);
    const untilMs = error instanceof ParkedError ? error.untilMs : 0;
    store.registrationJobs.polled(job.id, Math.max(untilMs, clock.now() + pollWaitMs(job.polls + 1)));
  }
}

/**
 * What became of everybody, or null while the job works. At first the tasks alone are asked, later the status before
 * them. Of an old job the tasks are taken as they are.
 */
async function finalTasks(
  { store, livestormJobs }: ResultParts,
  job: StartedJob,
  isOld: boolean,
  call: Call,
): Promise<readonly JobTask[] | null> {
  const asksStatus = !isOld && job.polls >= LOOKS_AT_TASKS;
  if (asksStatus && !(await livestormJobs.status(job.jobId, call)).isOver) return null;
  const tasks = await livestormJobs.tasks(job.jobId, call);
  if (isOld || asksStatus || isTold(keysOf(job, store.effects.byIds(job.effectIds)), tasks)) return tasks;
  return null;
}

function keysOf({ effectIds }: RegistrationJob, effects: ReadonlyMap<number, Effect>): string[] {
  return effectIds.map((id) => effects.get(id)?.emailKey ?? '');
}

/** Each person's end, all at once. Who has none yet is looked up before anything is sent again. */
function settle(
  parts: ResultParts,
  handler: EffectHandler<unknown>,
  job: RegistrationJob,
  { tasks, closed }: { tasks: readonly JobTask[]; closed: Outcome | null },
  count: Count,
): void {
  const { store, clock, log } = parts;
  const states: string[] = [];
  store.transaction(() => {
    store.registrationJobs.remove(job.id);
    const effects = store.effects.byIds(job.effectIds);
    const matched = matchTasks(keysOf(job, effects), tasks);
    const taskOf = new Map(matched.map((task, index) => [job.effectIds[index], task]));
    for (const effect of stillSending(effects)) {
      const task = taskOf.get(effect.id) ?? null;
      const ending = endingOf(parts, effect, task, closed);
      states.push(ending?.state ?? 'retry');
      if (ending) end(parts, effect, ending);
      else {
        store.effects.postpone(effect, 'unknown', clock.now() + handler.settleMs, {
          class: 'JobTask',
          message: task?.problem || 'the job did not tell what became of this person',
        });
      }
    }
  });
  for (const state of states) count(state);
  log.info({ sessionId: job.sessionId, count: states.length }, 'a registration job is over');
}

function endingOf(
  parts: ResultParts,
  effect: Effect,
  task: JobTask | null,
  closed: Outcome | null,
): Ending | null {
  const { registration, session } = subject(parts.store, effect);
  const isTeamMember = parts.store.registrants.isTeamMember(registration.emailKey);
  const outcome = outcomeOfTask(task, isTeamMember, closed);
  if (outcome === null) return null;
  if (outcome === closed) return skipping(parts, registration, outcome);
  const detail = without(fitToForm(registration.fields, session.event?.fields ?? []).dropped);
  return { state: 'done', reason: outcome, record: concluding(parts, registration, { outcome, detail }) };
}
