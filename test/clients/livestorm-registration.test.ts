import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { LivestormClient } from '../../src/clients/livestorm.ts';
import type { Call } from '../../src/domain.ts';
import { RefusedError, RetryableError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, HOST, livestormOptions, PEOPLE, personRow, refusal, SESSION } from './livestorm-api.ts';

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let governor: OpenGovernor;
let client: LivestormClient;

beforeEach(() => {
  governor = new OpenGovernor('livestorm');
  client = new LivestormClient(livestormOptions(governor));
});

strictNock();

const FIELDS = { email: 'ada@example.org', topics: ['a', 'b'] };

function register() {
  return client.register(SESSION, FIELDS, call);
}

test('a registration sends fields only, in the vendor media type', async () => {
  nock(HOST, {
    reqheaders: {
      authorization: 'raw-token',
      accept: 'application/vnd.api+json',
      'content-type': 'application/vnd.api+json',
    },
  })
    .post(PEOPLE, {
      data: {
        type: 'people',
        attributes: {
          fields: [
            { id: 'email', value: 'ada@example.org' },
            { id: 'topics', value: ['a', 'b'] },
          ],
        },
      },
    })
    .reply(201, { data: personRow('p-1') });
  assert.deepEqual(await register(), { result: 'registered', personId: 'p-1', role: 'participant' });
});

for (const [status, detail, expected] of [
  [409, 'Conflict', { result: 'already_registered' }],
  [422, 'This person has already been invited', { result: 'already_registered' }],
  [400, 'Email has already been taken', { result: 'already_registered' }],
  [422, 'You have already been registered to this session', { result: 'already_registered' }],
  [422, 'Already in this session, which is full', { result: 'already_registered' }],
  [422, "The field 'job_title' doesn't exist", { result: 'unknown_field', fieldId: 'job_title' }],
  [400, 'Field doesn’t exist', { result: 'unknown_field', fieldId: null }],
] as const) {
  test(`registration answered ${status} "${detail}": ${expected.result}`, async () => {
    api().post(PEOPLE).reply(status, refusal(status, detail));
    assert.deepEqual(await register(), expected);
  });
}

for (const [status, detail] of [
  [422, 'The session has already ended'],
  [422, 'The session has already been canceled'],
  [422, 'This session has already passed'],
  [422, 'The session already took place'],
  [422, 'The session has already taken place'],
  [422, 'The session has already started'],
  [422, 'This session is already full'],
  [422, 'The event has already reached its maximum number of registrants'],
  [422, 'Registrations have already been closed'],
  [409, 'The session has already ended'],
  [404, 'Session not found'],
  [400, 'Email is invalid'],
] as const) {
  test(`registration answered ${status} "${detail}": refused`, async () => {
    api().post(PEOPLE).reply(status, refusal(status, detail));
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.equal(error.status, status);
      assert.ok(error.message.includes(detail));
      return true;
    });
  });
}

test('addresses are taken out of what the vendor says', async () => {
  api().post(PEOPLE).reply(422, refusal(422, 'ada+x@example.org cannot join (ada%40example.org)'));
  await assert.rejects(register(), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.doesNotMatch(error.message, /example/);
    assert.match(error.message, /\[address\] cannot join/);
    return true;
  });
});

for (const body of ['', 'not JSON', '{"data":{"id":null}}', '<html><body>Created</body></html>']) {
  test(`201 with the body ${JSON.stringify(body)}: done, the id is lost`, async () => {
    api().post(PEOPLE).reply(201, body);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RetryableError);
      assert.deepEqual([error.applied, error.status], ['done', 201]);
      return true;
    });
  });
}

for (const [status, body] of [
  [500, '{"errors":[]}'],
  [502, '<html>Bad gateway</html>'],
  [503, ''],
  [408, ''],
  [200, '<!DOCTYPE html><html></html>'],
  [403, '<html>Blocked</html>'],
  [302, ''],
] as const) {
  test(`registration answered ${status} ${JSON.stringify(body)}: unknown`, async () => {
    api().post(PEOPLE).reply(status, body);
    await assert.rejects(register(), (error) => {
      assert.ok(error instanceof RetryableError, String(error));
      assert.deepEqual([error.applied, error.status, error.notBeforeMs], ['unknown', status, undefined]);
      return true;
    });
    assert.deepEqual(governor.parks, []);
  });
}

test('a connection that is reset: unknown', async () => {
  api()
    .post(PEOPLE)
    .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  await assert.rejects(register(), { name: 'RetryableError', applied: 'unknown', code: 'ECONNRESET' });
});
