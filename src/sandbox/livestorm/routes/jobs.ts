import type { Job, JobTask, SessionRecord } from '../model.ts';
import { type Attributes, attributesOf, isRecord, readApplication } from '../payload.ts';
import { Refusal } from '../refusal.ts';
import { register } from '../registration.ts';
import { renderJob, renderTask } from '../render/job.ts';
import type { State } from '../state.ts';
import { type Answer, type ApiRequest, one, type Route, sessionNamed } from './request.ts';

const MAX_TASKS = 50;

/** vendor sheet §6.3. */
export const jobRoutes: readonly Route[] = [
  ['POST', '/sessions/:id/people/bulk', startJob],
  ['GET', '/jobs/:id', (request) => one(200, renderJob(request.state, jobNamed(request), 'get'))],
  ['GET', '/jobs/:id/tasks', listTasks],
];

/** The rows are registered at once; only their outcome stays hidden while the job is `processing`. */
function startJob(request: ApiRequest): Answer {
  const { state } = request;
  const session = sessionNamed(request, request.ids[0]);
  const rows = readTasks(request);
  const job: Job = {
    id: state.random.uuid(),
    createdAtMs: state.clock.now(),
    tasks: rows.map((row) => perform(state, session, row)),
  };
  state.jobs.set(job.id, job);
  return one(202, renderJob(state, job, 'post'));
}

function readTasks({ body, state }: ApiRequest): Attributes[] {
  const wrapped = state.switches.bulkWrappedTasks;
  const { tasks } = attributesOf(wrapped ? typeInside(body) : body, 'jobs');
  if (!Array.isArray(tasks) || tasks.length === 0) throw new Refusal(400, 'tasks must be a list');
  if (tasks.length > MAX_TASKS) throw new Refusal(422, `At most ${MAX_TASKS} tasks are allowed`);
  return tasks.map((task) => {
    const row = wrapped && isRecord(task) && isRecord(task.attributes) ? task.attributes : task;
    if (!isRecord(row)) throw new Refusal(400, 'Each task must be an object');
    return row;
  });
}

/** The prose variant has `type` beside `data`. */
function typeInside(body: unknown): unknown {
  if (!isRecord(body) || body.type === undefined || !isRecord(body.data)) return body;
  return { ...body, data: { type: body.type, ...body.data } };
}

/** One row may fail without harm to the others. */
function perform(state: State, session: SessionRecord, row: Attributes): JobTask {
  const id = state.random.uuid();
  let email: string | null = null;
  try {
    const application = readApplication(row);
    const given = application.fields.get('email');
    if (typeof given === 'string') email = given;
    register(state, session, application, 'bulk');
    return { id, email, failure: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id, email, failure: { status: error.status, detail: error.message } };
  }
}

function jobNamed(request: ApiRequest): Job {
  const job = request.state.jobs.get(request.ids[0] ?? '');
  if (!job) throw new Refusal(404, 'Job Not found');
  return job;
}

/** All tasks in one answer; any `page[…]` makes the vendor fail with 500. */
function listTasks(request: ApiRequest): Answer {
  const job = jobNamed(request);
  if ([...request.query.keys()].some((key) => key.startsWith('page['))) {
    return { status: 500, html: '<html><body><h1>Internal Server Error</h1></body></html>' };
  }
  const { state } = request;
  return { status: 200, document: { data: job.tasks.map((task) => renderTask(state, job, task)) } };
}
