import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { PardotPeopleClient } from '../../src/clients/pardot-people.ts';
import { HOUR, MINUTE } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, RefusedError, RetryableError, UnreadableAnswerError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock, wireParts } from '../support/strict-nock.ts';

const HOST = 'https://pi.pardot.test';
const PROSPECTS = '/api/v5/objects/prospects';
const MEMBERSHIPS = '/api/v5/objects/list-memberships';
const ACTIVITIES = '/api/v5/external-activities';
const NOW = Date.parse('2026-03-02T08:00:00Z');
const UNIT = '0Uv000000000001AAA';

let client: PardotPeopleClient;
let call: Call;

beforeEach(() => {
  client = new PardotPeopleClient({
    http: wireParts(NOW),
    baseUrl: HOST,
    businessUnitId: UNIT,
    tokens: { token: async () => 'token-1', invalidate: () => undefined },
    governor: new OpenGovernor('pardot'),
  });
  call = { work: 'discovery', signal: new AbortController().signal };
});

strictNock();

function api(): nock.Scope {
  return nock(HOST, {
    reqheaders: {
      authorization: 'Bearer token-1',
      'pardot-business-unit-id': UNIT,
      'x-return-api-usage': '1',
    },
  });
}

function values(rows: unknown[], nextPageToken: string | null = null) {
  return { nextPageToken, nextPageUrl: nextPageToken && 'https://elsewhere.example/x', values: rows };
}

function found(fields: string, email = 'ana@example.org') {
  return api()
    .get(PROSPECTS)
    .query({ fields: `id,email,isDeleted,lastActivityAt${fields}`, email, deleted: 'all', limit: '1000' });
}

const PROSPECT = { id: 1, email: 'Ana@Example.org', isDeleted: false, lastActivityAt: null };

test('prospects of an address, deleted ones too, in any letter case, with their last activity', async () => {
  found(',company').reply(
    200,
    values([
      { ...PROSPECT, id: 9, lastActivityAt: '2026-03-02T00:00:00-08:00', company: 'Acme' },
      { ...PROSPECT, id: 4, isDeleted: 'true', company: null },
      { ...PROSPECT, id: 5, email: 'other@example.org' },
      { ...PROSPECT, id: 6, email: null },
    ]),
  );
  assert.deepEqual(await client.prospectsByEmail('ana@example.org', ['company', 'email'], call), [
    {
      id: 4,
      email: 'Ana@Example.org',
      isDeleted: true,
      lastActivityAtMs: null,
      fields: { email: 'Ana@Example.org' },
    },
    {
      ...{ id: 9, email: 'Ana@Example.org', isDeleted: false, lastActivityAtMs: NOW },
      fields: { company: 'Acme', email: 'Ana@Example.org' },
    },
  ]);
});

test('an address is encoded whole', async () => {
  let url = '';
  api()
    .get(PROSPECTS)
    .query(true)
    .reply((request: Request) => {
      url = request.url;
      return [200, values([])];
    });
  assert.deepEqual(await client.prospectsByEmail('a+b&c@example.org', [], call), []);
  assert.match(url, /email=a%2Bb%26c%40example\.org/);
});

test('rows that are redacted need a person: who they are cannot be told', async () => {
  found('').reply(200, values([]), {
    'Pardot-Warning': '202;Record(s) have been redacted from output due to access rules',
  });
  await assert.rejects(client.prospectsByEmail('ana@example.org', [], call), AuthError);
  found('').reply(200, values([{ ...PROSPECT, lastActivityAt: '2026-03-02 08:00:00' }]));
  await assert.rejects(client.prospectsByEmail('ana@example.org', [], call), {
    name: 'UnreadableAnswerError',
    field: 'lastActivityAt',
  });
});

const NEW = { email: 'Ana@example.org', campaignId: 70, values: { lastName: 'Lee', topics__c: ['a', 'b'] } };

test('a prospect is made with its campaign; address and campaign cannot be mapped away', async () => {
  const body = { lastName: 'Lee', topics__c: 'a;b', email: 'Ana@example.org', campaignId: 70 };
  const create = () => api().post(PROSPECTS, body).query({ fields: 'id' });
  create().matchHeader('content-type', 'application/json').reply(201, { id: 801 });
  assert.deepEqual(await client.createProspect(NEW, call), { id: 801 });
  create().reply(204);
  assert.deepEqual(await client.createProspect(NEW, call), { id: null }, 'made, but may not be read');
  create().reply(201, { id: 802 });
  const mapped = { ...NEW.values, email: 'x@example.org', campaignId: '1' };
  assert.deepEqual(await client.createProspect({ ...NEW, values: mapped }, call), { id: 802 });
});

test('what an answer to a write proves', async () => {
  const cases: [number, unknown, new (...args: never[]) => Error, object][] = [
    [201, 'cut off', UnreadableAnswerError, { applied: 'done' }],
    [200, {}, UnreadableAnswerError, { applied: 'unknown' }],
    [500, { code: 183, message: 'internal' }, RetryableError, { applied: 'unknown' }],
    [400, { code: 62, message: 'conflicting update' }, RetryableError, { code: 62 }],
    [400, { code: 54, message: 'in use' }, RefusedError, { code: 54 }],
    [429, { code: 66, message: 'concurrency' }, RetryableError, { applied: 'not_applied' }],
  ];
  for (const [status, body, kind, members] of cases) {
    api()
      .post(PROSPECTS)
      .query(true)
      .reply(status, body as nock.Body);
    await assert.rejects(client.createProspect(NEW, call), (error) => {
      assert.ok(error instanceof kind, `${status}: ${error}`);
      assert.partialDeepStrictEqual({ ...error }, members);
      return true;
    });
  }
});

test('a prospect goes on a list; one who is on it is told by code 58', async () => {
  const body = { listId: 900, prospectId: 501, optedOut: false };
  const add = () => api().post(MEMBERSHIPS, body).query({ fields: 'id' });
  add().reply(201, { id: 1 });
  await client.addToList(900, 501, call);
  add().reply(204);
  await client.addToList(900, 501, call);
  add().reply(400, { code: 58, message: 'That prospect is already a member of that list.' });
  await assert.rejects(client.addToList(900, 501, call), { name: 'RefusedError', code: 58, status: 400 });
});

test('a prospect leaves a list by the memberships that are really theirs', async () => {
  const find = () =>
    api()
      .get(MEMBERSHIPS)
      .query({ fields: 'id,listId,prospectId', listId: '900', prospectId: '501', limit: '1000' });
  find().reply(
    200,
    values([
      { id: 1, listId: 900, prospectId: 501 },
      { id: 2, listId: 901, prospectId: 501 },
      { id: 3, listId: 900, prospectId: 502 },
    ]),
  );
  api().delete(`${MEMBERSHIPS}/1`).reply(204);
  await client.removeFromList(900, 501, call);
  find().reply(200, values([]));
  await client.removeFromList(900, 501, call);
  find().reply(200, values([{ id: 1, listId: 900, prospectId: 501 }]));
  api().delete(`${MEMBERSHIPS}/1`).reply(404, { code: 109, message: 'not found' });
  await assert.rejects(client.removeFromList(900, 501, call), { name: 'RefusedError', status: 404 });
});

const ACTIVITY = {
  extension: 'Livestorm',
  type: 'Registered',
  email: 'ana@example.org',
  value: 'session-1',
  happenedAtMs: NOW - HOUR + 999,
};

test('an external activity is told outside of the objects, in whole seconds with an offset; 200 and 201 alike', async () => {
  const { happenedAtMs: _, ...rest } = ACTIVITY;
  const body = { ...rest, activityDate: '2026-03-02T07:00:00+00:00' };
  for (const status of [201, 200]) {
    api().post(ACTIVITIES, body).query({ fields: 'id' }).reply(status, { id: 5 });
    await client.createExternalActivity(ACTIVITY, call);
  }
  api().post(ACTIVITIES).query(true).reply(400, { code: 92, message: 'Prospect ana@example.org not found' });
  await assert.rejects(client.createExternalActivity(ACTIVITY, call), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.equal(error.code, 92);
    assert.doesNotMatch(error.message, /ana@/);
    return true;
  });
});

const TRACE_FIELDS = 'id,extension,type,email,value,activityDate,prospectId';

function trace(id: number, members: Record<string, unknown> = {}) {
  return {
    ...{ id, extension: 'Livestorm', type: 'Registered', email: 'ana@example.org', value: 'session-1' },
    activityDate: '2026-03-01T23:00:00-08:00',
    prospectId: 501,
    ...members,
  };
}

test('external activities of a span, page by page: with its token a page takes nothing but fields', async () => {
  api()
    .get(ACTIVITIES)
    .query({
      fields: TRACE_FIELDS,
      createdAtAfterOrEqualTo: '2026-03-02T07:30:00+00:00',
      createdAtBeforeOrEqualTo: '2026-03-02T08:30:00+00:00',
      limit: '1000',
    })
    .reply(200, values([trace(9)], 'page 2'));
  api()
    .get(ACTIVITIES)
    .query({ fields: TRACE_FIELDS, nextPageToken: 'page 2' })
    .reply(200, values([trace(2, { email: null, value: 12, prospectId: null })], 'page 3'));
  api().get(ACTIVITIES).query({ fields: TRACE_FIELDS, nextPageToken: 'page 3' }).reply(200, values([]));
  const span = [NOW - 30 * MINUTE, NOW + 30 * MINUTE] as const;
  const ours = { ...ACTIVITY, happenedAtMs: NOW - HOUR, prospectId: 501 };
  assert.deepEqual(await client.externalActivitiesBetween(...span, call), [
    ours,
    { ...ours, email: '', value: '12', prospectId: null },
  ]);
});

test('a span that cannot be read whole proves nothing', async () => {
  const answers: [number, unknown, Record<string, string>, string][] = [
    [400, { code: 210, message: 'Page token has expired.' }, {}, 'RefusedError'],
    [
      200,
      values([trace(3)]),
      { 'Pardot-Warning': '203;Record count has been exceeded.' },
      'UnreadableAnswerError',
    ],
    [200, values([trace(3, { activityDate: '2026-03-02 08:00' })]), {}, 'UnreadableAnswerError'],
    [200, { nextPageToken: null }, {}, 'UnreadableAnswerError'],
  ];
  for (const [status, body, headers, name] of answers) {
    api()
      .get(ACTIVITIES)
      .query(true)
      .reply(200, values([trace(1)], 'token'));
    api()
      .get(ACTIVITIES)
      .query(true)
      .reply(status, body as nock.Body, headers);
    await assert.rejects(client.externalActivitiesBetween(NOW, NOW, call), { name });
  }
});

test('a page that names itself as the next is no endless loop', async () => {
  for (let page = 0; page < 2; page++) {
    api()
      .get(ACTIVITIES)
      .query(true)
      .reply(200, values([trace(1)], 'the same'));
  }
  await assert.rejects(client.externalActivitiesBetween(NOW, NOW, call), {
    name: 'UnreadableAnswerError',
    field: 'nextPageToken',
  });
});
