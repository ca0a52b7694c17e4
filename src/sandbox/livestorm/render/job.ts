import type { Job, JobTask } from '../model.ts';
import { renderError } from '../refusal.ts';
import type { State } from '../state.ts';
import type { Resource } from './resource.ts';

function isOver(state: State, job: Job): boolean {
  return state.clock.now() >= job.createdAtMs + state.switches.jobDurationMs;
}

/** vendor sheet §6.3: the counters are spelt differently in the answer to the POST and to the GET. */
export function renderJob(state: State, job: Job, answerTo: 'post' | 'get'): Resource {
  const over = isOver(state, job);
  const failed = job.tasks.filter((task) => task.failure).length;
  const total = job.tasks.length;
  const counts = over ? { done: total, good: total - failed, bad: failed } : { done: 0, good: 0, bad: 0 };
  const spelling = state.switches.jobCounters === 'prose' ? 'prose' : answerTo;
  return {
    id: job.id,
    type: 'jobs',
    attributes: { status: jobStatus(over, failed), ...spell(spelling, total, counts) },
  };
}

function jobStatus(over: boolean, failed: number): string {
  if (!over) return 'processing';
  return failed > 0 ? 'failed' : 'ended';
}

function spell(
  spelling: 'prose' | 'post' | 'get',
  total: number,
  { done, good, bad }: { done: number; good: number; bad: number },
): Record<string, unknown> {
  if (spelling === 'post') {
    return { total_tasks: total, total_processed_tasks: done, total_success: good, total_fail: bad };
  }
  const items = { total_items: total, total_processed_items: done };
  return spelling === 'prose'
    ? { ...items, total_fail: bad, total_success: good }
    : { ...items, total_succeeded: good, total_failed: bad };
}

/** One row of a job, in the order of the input. */
export function renderTask(state: State, job: Job, task: JobTask): Resource {
  const failure = isOver(state, job) ? task.failure : null;
  const outcome = failure ? 'failed' : 'succeeded';
  return {
    id: task.id,
    type: 'tasks',
    attributes: {
      status: isOver(state, job) ? outcome : 'processing',
      ...(state.switches.jobTaskEmail ? { email: task.email } : {}),
      errors: failure ? [renderError(failure.status, failure.detail)] : [],
    },
  };
}
