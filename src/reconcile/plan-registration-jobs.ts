import type { JobTask } from '../clients/livestorm-jobs.ts';
import { MINUTE, SECOND } from '../clock.ts';
import type { Outcome } from '../domain.ts';

/** A job costs two calls or three: with fewer people single calls are no dearer (livestorm.md §6.3). */
export const FEWEST_PEOPLE = 4;
/** A job that is older is asked for what it has done so far, and the rest goes on alone. */
export const JOB_PATIENCE = 15 * MINUTE;
/** How long a job may be at work of which we do not know the id: nothing can be concluded before. */
export const LOST_JOB_SETTLE = 5 * MINUTE;

/**
 * So many looks ask for the tasks alone: once the job is over they tell everybody's end, which saves a call. The later
 * ones ask for its status first: tasks may be left out, or told in words that this version has not heard of.
 */
export const LOOKS_AT_TASKS = 3;

const FIRST_POLL = 5 * SECOND;
const LONGEST_POLL = MINUTE;

/** Wait before the job is asked again, after so many times: 5 s at first, doubling to a minute. */
export function pollWaitMs(polls: number): number {
  return Math.min(LONGEST_POLL, FIRST_POLL * 2 ** Math.min(polls, 10));
}

/**
 * The task of each posted person, null where none can be told. By address where the vendor repeats it; by position
 * only when there are as many tasks as people and no repeated address stands somewhere else.
 *
 * @param emailKeys in the order in which they were posted.
 */
export function matchTasks(
  emailKeys: readonly string[],
  tasks: readonly JobTask[],
): readonly (JobTask | null)[] {
  const byEmail = new Map(tasks.flatMap((task) => (task.emailKey === null ? [] : [[task.emailKey, task]])));
  const isInOrder =
    tasks.length === emailKeys.length &&
    tasks.every(({ emailKey }, index) => emailKey === null || emailKey === emailKeys[index]);
  return emailKeys.map((key, index) => byEmail.get(key) ?? (isInOrder ? (tasks[index] ?? null) : null));
}

/** Whether the tasks tell how it ended for everybody. */
export function isTold(emailKeys: readonly string[], tasks: readonly JobTask[]): boolean {
  return matchTasks(emailKeys, tasks).every((task) => task !== null && task.result !== 'open');
}

/**
 * How a task ended for its person; null when it does not say for sure. Refused tasks are not sure either: the person
 * may be registered all the same (livestorm.md §6.3), unless the session is why.
 *
 * @param closed why the session takes nobody, as read after the job; null when it is open.
 */
export function outcomeOfTask(
  task: JobTask | null,
  isTeamMember: boolean,
  closed: Outcome | null,
): Outcome | null {
  switch (task?.result) {
    case 'registered':
    case 'already_registered':
      return isTeamMember ? 'team_member' : task.result;
    case 'refused':
      return closed;
    default:
      return null;
  }
}
