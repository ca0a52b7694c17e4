import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LivestormJobsClient } from '../../src/clients/livestorm-jobs.ts';
import type { Call } from '../../src/domain.ts';
import {
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
} from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, livestormOptions } from './livestorm-api.ts';

const BULK = '/v1/sessions/session%2F1/people/bulk';
const JOB = '/v1/jobs/job%2F1';

let governor: OpenGovernor;
let client: LivestormJobsClient;
let call: Call;

beforeEach(() => {
  governor = new OpenGovernor('livestorm');
  client = new LivestormJobsClient(livestormOptions(governor));
  call = { work: 'registrations', signal: new AbortController().signal };
});

strictNock();

function job(attributes: Record<string, unknown>) {
  return { data: { id: 'job/1', type: 'jobs', attributes } };
}

const start = (people = [{ email: 'ana@example.com' }]) =>
  client.startRegistration('session/1', people, call);

test('a job is posted as the vendor takes it', async () => {
  api()
    .post(BULK, {
      data: {
        type: 'jobs',
        attributes: {
          tasks: [
            {
              fields: [
                { id: 'email', value: 'ana@example.com' },
                { id: 'topics', value: ['a', 'b'] },
              ],
            },
            { fields: [{ id: 'email', value: 'bob@example.com' }] },
          ],
        },
      },
    })
    .matchHeader('content-type', 'application/vnd.api+json')
    .reply(202, job({ status: 'processing', total_tasks: 2, input: [] }));
  const people = [{ email: 'ana@example.com', topics: ['a', 'b'] }, { email: 'bob@example.com' }];
  assert.deepEqual(await client.startRegistration('session/1', people, call), { jobId: 'job/1' });
});

test('a job takes 1 to 50 people', () => {
  const people = Array.from({ length: 51 }, (_, index) => ({ email: `p${index}@example.com` }));
  assert.throws(() => start(people), RangeError);
  assert.throws(() => start([]), RangeError);
  assert.equal(governor.runs, 0);
});

test('the id is read wrapped or not; an answer without one may have started the job', async () => {
  for (const answer of [{ id: 7, status: 'processing' }, { data: { attributes: { id: '7' } } }]) {
    api().post(BULK).reply(202, answer);
    assert.deepEqual(await start(), { jobId: '7' });
  }
  for (const body of ['', '{"data":{}}', '[]']) {
    api().post(BULK).reply(202, body);
    await assert.rejects(start(), (error) => {
      assert.ok(error instanceof UnreadableAnswerError);
      assert.equal(error.applied, 'unknown');
      return true;
    });
  }
});

test('what is no success is told like everywhere', async () => {
  const cases: [number, new (...args: never[]) => Error][] = [
    [401, AuthError],
    [402, ParkedError],
    [404, RefusedError],
    [422, RefusedError],
    [429, RetryableError],
    [500, RetryableError],
  ];
  for (const [status, kind] of cases) {
    api()
      .post(BULK)
      .reply(status, { errors: [{ title: 'no' }] });
    await assert.rejects(start(), kind);
  }
  assert.deepEqual(
    governor.parks.map(({ reason }) => reason),
    ['auth', 'allowance', 'rate'],
  );
});

test('every spelling of counters and states', async () => {
  const none = { total: null, handled: null, succeeded: null, failed: null };
  const all = { total: 3, handled: 2, succeeded: 1, failed: 1 };
  const cases: [Record<string, unknown>, object][] = [
    [{ status: 'processing' }, { isOver: false, ...none }],
    [
      { status: 'pending', total_items: 3, total_processed_items: 3 },
      { ...none, isOver: false, total: 3, handled: 3 },
    ],
    [{ status: 'ended' }, { isOver: true, ...none }],
    [{ status: 'failed' }, { isOver: true, ...none }],
    [
      { status: 'completed', total_items: null, total_failed: 'many' },
      { isOver: true, ...none },
    ],
    [
      { status: 'ended', total_items: 3, total_processed_items: 2, total_fail: 1, total_success: 1 },
      { isOver: true, ...all },
    ],
    [
      { status: 'ended', total_tasks: 3, total_processed_tasks: 2, total_success: 1, total_fail: 1 },
      { isOver: true, ...all },
    ],
    [
      { status: 'ended', total_items: '3', total_processed_items: 2, total_succeeded: 1, total_failed: 1 },
      { isOver: true, ...all },
    ],
    [{ status: 'new word' }, { isOver: false, ...none }],
    [
      { status: 'new word', total_tasks: 2, total_processed_tasks: 2 },
      { ...none, isOver: true, total: 2, handled: 2 },
    ],
    [
      { total_tasks: 2, total_processed_tasks: 1 },
      { ...none, isOver: false, total: 2, handled: 1 },
    ],
  ];
  for (const [attributes, status] of cases) {
    api().get(JOB).reply(200, job(attributes));
    assert.deepEqual(await client.status('job/1', call), status, JSON.stringify(attributes));
  }
  api().get(JOB).reply(200, { status: 'ended', total_items: 1 });
  assert.partialDeepStrictEqual(await client.status('job/1', call), { isOver: true, total: 1 });
  api().get(JOB).reply(200, job({}));
  await assert.rejects(client.status('job/1', call), UnreadableAnswerError);
});

test('each task says whose it is and how it ended, however it says so', async () => {
  const rows = [
    { id: 't', type: 'tasks', attributes: { status: 'succeeded', email: 'Ana@Example.com', errors: [] } },
    { attributes: { status: 'failed', errors: [{ detail: 'Email has already been invited' }] } },
    { attributes: { status: 'failed', errors: [{ title: 'has already been taken' }] } },
    { attributes: { status: 'failed', error: 'already registered' } },
    { attributes: { status: 'failed', errors: 'already been registered' } },
    {
      attributes: {
        status: 'failed',
        message: "The field 'x' doesn't exist",
        input: { fields: [{ id: 'email', value: 'bob@example.com' }] },
      },
    },
    {
      attributes: {
        status: 'failed',
        errors: [{ message: 'eve@example.com is odd' }, 'and more'],
        fields: [{ id: 'email', value: 'eve@example.com' }],
      },
    },
    { attributes: { status: 'failed', errors: [{ detail: 'Session has already ended' }] } },
    { attributes: { status: 'processing', email: '' } },
    { status: 'failed' },
    null,
  ];
  api().get(`${JOB}/tasks`).reply(200, { data: rows });
  const tasks = await client.tasks('job/1', call);
  assert.deepEqual(
    tasks.map(({ index, emailKey, result, problem }) => [index, emailKey, result, problem]),
    [
      [0, 'ana@example.com', 'registered', ''],
      [1, null, 'already_registered', 'Email has already been invited'],
      [2, null, 'already_registered', 'has already been taken'],
      [3, null, 'already_registered', 'already registered'],
      [4, null, 'already_registered', 'already been registered'],
      [5, 'bob@example.com', 'refused', "The field 'x' doesn't exist"],
      [6, 'eve@example.com', 'refused', '[address] is odd; and more'],
      [7, null, 'refused', 'Session has already ended'],
      [8, null, 'open', ''],
      [9, null, 'refused', ''],
      [10, null, 'open', ''],
    ],
  );
  for (const body of [{}, { data: {} }]) {
    api().get(`${JOB}/tasks`).reply(200, body);
    await assert.rejects(client.tasks('job/1', call), UnreadableAnswerError);
  }
});
