import type { Call, FieldValue } from '../domain.ts';
import { type AnswerContext, understand } from './answers.ts';
import type { HttpResponse } from './http.ts';
import { requireSuccess } from './livestorm-answers.ts';
import {
  type JobStatus,
  type JobTask,
  MAX_PEOPLE,
  readJobId,
  readJobStatus,
  readTasks,
} from './livestorm-job-shapes.ts';
import { fieldRows } from './livestorm-registration.ts';
import { type LivestormOptions, LivestormWire, type Route } from './livestorm-wire.ts';

export type { JobStatus, JobTask, TaskResult } from './livestorm-job-shapes.ts';
export { MAX_PEOPLE } from './livestorm-job-shapes.ts';

/**
 * Livestorm's bulk registration (livestorm.md §6.3): a job is started, works by itself, and is asked for its outcome.
 * Every method rejects like those of `LivestormClient`. A write is sent once.
 */
export class LivestormJobsClient {
  readonly #wire: LivestormWire;

  constructor(options: LivestormOptions) {
    this.#wire = new LivestormWire(options);
  }

  /**
   * Starts to register 1 to 50 people; each one's `fields` must hold `email`. Livestorm sends its confirmation mails.
   * After an unknown outcome the job may be at work all the same.
   */
  startRegistration(
    sessionId: string,
    people: readonly Readonly<Record<string, FieldValue>>[],
    call: Call,
  ): Promise<{ jobId: string }> {
    if (people.length === 0 || people.length > MAX_PEOPLE) {
      throw new RangeError(`a job takes 1 to ${MAX_PEOPLE} people, not ${people.length}`);
    }
    const tasks = people.map((fields) => ({ fields: fieldRows(fields) }));
    const route: Route = {
      method: 'POST',
      path: `/sessions/${encodeURIComponent(sessionId)}/people/bulk`,
      operation: 'POST /sessions/{id}/people/bulk',
      body: JSON.stringify({ data: { type: 'jobs', attributes: { tasks } } }),
    };
    return this.#ask(route, call, (body) => ({ jobId: readJobId(body) }));
  }

  /** Whether the job still works, and how far it is. */
  status(jobId: string, call: Call): Promise<JobStatus> {
    const path = `/jobs/${encodeURIComponent(jobId)}`;
    return this.#ask({ method: 'GET', path, operation: 'GET /jobs/{id}' }, call, readJobStatus);
  }

  /** What became of each person. Asked for without paging, which this list answers with 500. */
  tasks(jobId: string, call: Call): Promise<JobTask[]> {
    const path = `/jobs/${encodeURIComponent(jobId)}/tasks`;
    return this.#ask({ method: 'GET', path, operation: 'GET /jobs/{id}/tasks' }, call, readTasks);
  }

  #ask<T>(route: Route, call: Call, read: (body: string) => T): Promise<T> {
    return this.#wire.ask(route, call, (context: AnswerContext, response: HttpResponse) => {
      requireSuccess(context, response);
      return understand(context, response, () => read(response.body));
    });
  }
}
