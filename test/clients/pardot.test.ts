import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { PardotClient } from '../../src/clients/pardot.ts';
import type { TokenSource } from '../../src/clients/token-source.ts';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import {
  AuthError,
  ParkedError,
  RefusedError,
  RetryableError,
  UnreadableAnswerError,
} from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock, wireParts } from '../support/strict-nock.ts';

const HOST = 'https://pi.pardot.test';
const API = '/api/v5/objects';
const NOW = Date.parse('2026-03-02T08:00:00Z');
const UNIT = '0Uv000000000001AAA';

/** Hands out `token-1`, and the next one after each invalidation. */
class Tokens implements TokenSource {
  issued = 1;
  readonly invalidated: string[] = [];

  async token(): Promise<string> {
    return `token-${this.issued}`;
  }

  invalidate(token: string): void {
    this.invalidated.push(token);
    this.issued++;
  }
}

let governor: OpenGovernor;
let tokens: Tokens;
let client: PardotClient;
let call: Call;

beforeEach(() => {
  governor = new OpenGovernor('pardot');
  tokens = new Tokens();
  client = new PardotClient({
    http: wireParts(NOW),
    baseUrl: HOST,
    businessUnitId: UNIT,
    tokens,
    governor,
  });
  call = { work: 'discovery', signal: new AbortController().signal };
});

strictNock();

function api(token = 'token-1'): nock.Scope {
  return nock(HOST, {
    reqheaders: {
      authorization: `Bearer ${token}`,
      'pardot-business-unit-id': UNIT,
      'x-return-api-usage': '1',
      accept: 'application/json',
    },
  });
}

function values(rows: unknown[], nextPageToken: string | null = null) {
  return {
    nextPageToken,
    nextPageUrl: nextPageToken && 'https://elsewhere.example/api?nextPageToken=x',
    values: rows,
  };
}

function activity(id: number, members: Record<string, unknown> = {}) {
  return {
    id,
    type: 4,
    createdAt: '2026-03-01T23:59:00-08:00',
    updatedAt: '2026-03-01T23:59:00-08:00',
    campaignId: 70,
    prospectId: 500,
    formId: 30,
    formHandlerId: null,
    landingPageId: null,
    form: { campaignId: 71, name: 'Sign up', url: 'https://go.example.com/sign-up' },
    formHandler: null,
    landingPage: null,
    prospect: {
      email: 'Ada@Example.org',
      firstName: 'Ada',
      lastName: 'Example',
      isDeleted: false,
    },
    ...members,
  };
}

const SUBMISSION_FIELDS =
  'id,type,createdAt,updatedAt,campaignId,prospectId,formId,formHandlerId,landingPageId,' +
  'form.campaignId,form.name,formHandler.campaignId,formHandler.name,' +
  'landingPage.campaignId,landingPage.name,form.url,landingPage.url,' +
  'prospect.email,prospect.isDeleted,prospect.firstName,prospect.lastName';

const SINCE = { createdSinceMs: NOW - 15 * MINUTE, prospectFields: [] };

function answerActivities(rows: unknown[], headers: Record<string, string> = {}): void {
  api().get(`${API}/visitor-activities`).query(true).reply(200, values(rows), headers);
}

test('submissions: type 4 since a time with offset, by id, standard prospect fields in the same call', async () => {
  let url = '';
  api()
    .get(`${API}/visitor-activities`)
    .query({
      fields: `${SUBMISSION_FIELDS},prospect.company`,
      type: '4',
      createdAtAfterOrEqualTo: '2026-03-02T07:45:00+00:00',
      idGreaterThan: '0',
      orderBy: 'id',
      limit: '1000',
    })
    .reply((request: Request) => {
      url = request.url;
      return [200, values([activity(11, { prospect: { ...activity(0).prospect, company: 'ACME' } })])];
    });
  const submissions = await client.listSubmissions(
    { createdSinceMs: NOW - 15 * MINUTE + 999, prospectFields: ['company', 'firstName', 'size__c'] },
    call,
  );
  assert.match(url, /createdAtAfterOrEqualTo=2026-03-02T07%3A45%3A00%2B00%3A00/);
  assert.deepEqual(submissions, [
    {
      activityId: 11,
      createdAtMs: NOW - MINUTE,
      campaignId: 70,
      formId: 30,
      formHandlerId: null,
      landingPageId: null,
      assetCampaignId: 71,
      assetName: 'Sign up',
      assetUrl: 'https://go.example.com/sign-up',
      prospect: {
        id: 500,
        email: 'Ada@Example.org',
        isDeleted: false,
        fields: { company: 'ACME', firstName: 'Ada' },
      },
    },
  ]);
});

test('full pages go on by id, never by nextPageUrl', async () => {
  const first = Array.from({ length: 1000 }, (_, index) => activity(10 + 3 * index));
  const page = (afterId: number) =>
    api()
      .get(`${API}/visitor-activities`)
      .query((query) => query.idGreaterThan === String(afterId) && query.nextPageToken === undefined);
  page(0).reply(200, values(first, 'token'));
  page(3007).reply(200, values([activity(3010)], 'token'));
  page(3010).reply(200, values([]));
  const submissions = await client.listSubmissions(SINCE, call);
  assert.equal(submissions.length, 1001);
  assert.equal(submissions.at(-1)?.activityId, 3010);
});

test('rows that an ignored filter lets through, rows from the future and other activities are left out', async () => {
  answerActivities(
    [
      activity(1, { createdAt: '2026-03-01T10:00:00-08:00' }),
      activity(2, { type: 2 }),
      activity(3, { createdAt: '2999-01-01T00:00:00+00:00' }),
      activity(4, { formId: null }),
      activity(5, { type: '4' }),
      activity(6, { createdAt: '2026-03-02T09:04:00+00:00' }),
    ],
    { date: 'Mon, 02 Mar 2026 09:00:00 GMT' },
  );
  const submissions = await client.listSubmissions(SINCE, call);
  assert.deepEqual(
    submissions.map(({ activityId }) => activityId),
    [5, 6],
  );
});

test('without a Date header the future is told by our own clock', async () => {
  answerActivities([
    activity(1, { createdAt: '2026-03-02T08:05:00+00:00' }),
    activity(2, { createdAt: '2026-03-02T08:05:01+00:00' }),
  ]);
  const submissions = await client.listSubmissions(SINCE, call);
  assert.deepEqual(
    submissions.map(({ activityId }) => activityId),
    [1],
  );
});

test('handlers, landing pages, and prospects that are late or gone', async () => {
  answerActivities([
    activity(1, {
      formId: null,
      form: null,
      formHandlerId: 31,
      formHandler: { campaignId: 72, name: 'Handler' },
      prospectId: null,
      prospect: null,
    }),
    activity(2, { landingPageId: 32, landingPage: { campaignId: '73', name: 'Page' }, prospect: null }),
    activity(3, {
      campaignId: null,
      prospect: { email: 'b@example.org', isDeleted: 'true' },
    }),
  ]);
  const [handler, page, deleted] = await client.listSubmissions(SINCE, call);
  assert.deepEqual(
    [handler?.formHandlerId, handler?.assetCampaignId, handler?.assetName, handler?.prospect],
    [31, 72, 'Handler', null],
  );
  assert.deepEqual([page?.formId, page?.landingPageId, page?.assetCampaignId], [30, 32, 73]);
  assert.deepEqual(page?.prospect, { id: 500, email: null, isDeleted: false, fields: {} });
  assert.deepEqual([deleted?.campaignId, deleted?.prospect?.isDeleted], [null, true]);
});

test('a time without an offset cannot be placed', async () => {
  answerActivities([activity(1, { createdAt: '2026-03-02 07:59:00' })]);
  await assert.rejects(client.listSubmissions(SINCE, call), (error) => {
    assert.ok(error instanceof UnreadableAnswerError);
    assert.equal(error.field, 'createdAt');
    return true;
  });
});

test('pages that do not ascend are not paged on', async () => {
  api()
    .get(`${API}/visitor-activities`)
    .query(true)
    .reply(200, values([activity(9), activity(5)], 'token'));
  await assert.rejects(client.listSubmissions(SINCE, call), { name: 'UnreadableAnswerError', field: 'id' });
});

test('an ignored idGreaterThan is no endless loop', async () => {
  const again = () =>
    api()
      .get(`${API}/visitor-activities`)
      .query(true)
      .reply(200, values([activity(5)], 'token'));
  again();
  again();
  await assert.rejects(client.listSubmissions(SINCE, call), { name: 'UnreadableAnswerError', field: 'id' });
});

test('submissions once more, by id', async () => {
  api()
    .get(`${API}/visitor-activities`)
    .query({
      fields: SUBMISSION_FIELDS,
      type: '4',
      idList: '1,2',
      idGreaterThan: '0',
      orderBy: 'id',
      limit: '1000',
    })
    .reply(200, values([activity(1, { createdAt: '2020-01-01T00:00:00+00:00' }), activity(3)]));
  const submissions = await client.submissionsById([1, 2], [], call);
  assert.deepEqual(
    submissions.map(({ activityId }) => activityId),
    [1],
  );
});

test('warning 203: cut-off rows are an error', async () => {
  answerActivities([], {
    'Pardot-Warning':
      '201;Record In Recycle Bin, 203;Record count for nextPageToken sequence has been exceeded. No page token returned.',
  });
  await assert.rejects(client.listSubmissions(SINCE, call), { name: 'UnreadableAnswerError' });
});

test('warning 202: redaction needs a person, 201 alone nobody', async () => {
  answerActivities([], {
    'Pardot-Warning': '202;Record(s) have been redacted from output due to access rules',
  });
  await assert.rejects(client.listSubmissions(SINCE, call), (error) => {
    assert.ok(error instanceof AuthError);
    assert.match(error.hint ?? '', /not assigned to self/);
    return true;
  });
  answerActivities([activity(1)], { 'Pardot-Warning': '201;Record In Recycle Bin' });
  assert.equal((await client.listSubmissions(SINCE, call)).length, 1);
});

const PROSPECT = { id: 1, email: 'Ada@Example.org', isDeleted: false };

function prospectQuery(fields: string, idList: string) {
  return api()
    .get(`${API}/prospects`)
    .query({ fields: `id,email,isDeleted${fields}`, deleted: 'all', limit: '1000', idList });
}

test('prospects by idList with deleted=all; foreign rows are left out, absent ones are absent', async () => {
  prospectQuery(',company,score,size__c', '1,2,3').reply(
    200,
    values([
      { ...PROSPECT, company: 'ACME', score: 12, size__c: null },
      { ...PROSPECT, id: 2, email: null, isDeleted: true, company: '' },
      { ...PROSPECT, id: 99 },
    ]),
  );
  assert.deepEqual(await client.prospects([1, 2, 3, 2], ['company', 'score', 'size__c'], call), [
    { ...PROSPECT, fields: { company: 'ACME', score: '12' } },
    { id: 2, email: null, isDeleted: true, fields: {} },
  ]);
  assert.deepEqual(await client.prospects([], ['company'], call), []);
});

test('ids go in parts of at most 200 and URLs below 4 KB', async () => {
  const lengths: number[] = [];
  const counts: number[] = [];
  nock(HOST)
    .persist()
    .get(`${API}/prospects`)
    .query(true)
    .reply((request: Request) => {
      const url = new URL(request.url);
      const ids = (url.searchParams.get('idList') ?? '').split(',').map(Number);
      lengths.push(url.href.length);
      counts.push(ids.length);
      return [200, values(ids.map((id) => ({ ...PROSPECT, id })))];
    });
  const short = Array.from({ length: 450 }, (_, index) => index + 1);
  assert.equal((await client.prospects(short, [], call)).length, 450);
  assert.deepEqual(counts, [200, 200, 50]);
  const long = Array.from({ length: 450 }, (_, index) => 9_000_000_000_000 + 7 * index);
  const fields = Array.from({ length: 40 }, (_, index) => `a_rather_long_custom_field_${index}__c`);
  assert.equal((await client.prospects(long, fields, call)).length, 450);
  assert.ok(Math.max(...lengths) < 4096, `${Math.max(...lengths)}`);
  nock.cleanAll();
});

test('fields that Query refuses are read prospect by prospect, and remembered', async () => {
  prospectQuery(',company,topics__c,size__c', '1,2,3').reply(400, {
    code: 224,
    message: 'The following fields can not be queried: topics__c',
  });
  const rows = [1, 2, 3].map((id) => ({
    ...PROSPECT,
    id,
    isDeleted: id === 2,
    company: 'ACME',
    size__c: '9',
  }));
  prospectQuery(',company,size__c', '1,2,3').reply(200, values(rows));
  const single = (id: number) => api().get(`${API}/prospects/${id}`).query({ fields: 'id,topics__c' });
  single(1).reply(200, { id: 1, topics__c: ['a', 'b'] });
  single(3).reply(
    404,
    { code: 109, message: 'The requested record was not found.' },
    { 'Pardot-Warning': '201;Record In Recycle Bin' },
  );
  const fields = ['company', 'topics__c', 'size__c'];
  const prospects = await client.prospects([1, 2, 3], fields, call);
  assert.deepEqual(
    prospects.map((prospect) => [prospect.id, prospect.isDeleted, prospect.fields]),
    [
      [1, false, { company: 'ACME', size__c: '9', topics__c: ['a', 'b'] }],
      [2, true, { company: 'ACME', size__c: '9' }],
      [3, true, { company: 'ACME', size__c: '9' }],
    ],
  );
  prospectQuery(',company,size__c', '1').reply(200, values(rows.slice(0, 1)));
  single(1).reply(200, { id: 1, topics__c: [] });
  assert.deepEqual((await client.prospects([1], fields, call))[0]?.fields, { company: 'ACME', size__c: '9' });
});

test('a refusal that names no field, or no code, suspects every custom field', async () => {
  prospectQuery(',size__c', '1').reply(400, '');
  prospectQuery('', '1').reply(200, values([PROSPECT]));
  api().get(`${API}/prospects/1`).query({ fields: 'id,size__c' }).reply(200, { id: 1, size__c: 'L' });
  assert.deepEqual((await client.prospects([1], ['size__c'], call))[0]?.fields, { size__c: 'L' });
});

test('a standard field that is refused is a refusal', async () => {
  prospectQuery(',nonsense', '1').reply(400, {
    code: 180,
    message: 'The following fields are invalid: nonsense',
  });
  await assert.rejects(client.prospects([1], ['nonsense'], call), { name: 'RefusedError', code: 180 });
});

const CAMPAIGN = {
  id: 1,
  name: 'Spring',
  salesforceId: '701000000000001AAA',
  createdAt: '2026-03-02T00:00:00-08:00',
  updatedAt: '2026-03-02T00:00:00-08:00',
  isDeleted: false,
};

test('campaigns by creation and change, deleted ones marked, verified', async () => {
  const query = { fields: 'id,name,salesforceId,createdAt,updatedAt,isDeleted', deleted: 'all' };
  const rest = { idGreaterThan: '0', orderBy: 'id', limit: '1000' };
  const since = '2026-03-02T07:59:00+00:00';
  api()
    .get(`${API}/campaigns`)
    .query({ ...query, createdAtAfterOrEqualTo: since, updatedAtAfterOrEqualTo: since, ...rest })
    .reply(
      200,
      values([
        CAMPAIGN,
        { ...CAMPAIGN, id: 2, createdAt: '2020-01-01T00:00:00-08:00' },
        { ...CAMPAIGN, id: 3, salesforceId: null, isDeleted: true },
      ]),
    );
  api()
    .get(`${API}/campaigns`)
    .query({ ...query, ...rest })
    .reply(200, values([CAMPAIGN]));
  const sinceMs = NOW - MINUTE;
  assert.deepEqual(await client.listCampaigns({ createdSinceMs: sinceMs, updatedSinceMs: sinceMs }, call), [
    { id: 1, name: 'Spring', salesforceId: '701000000000001AAA', isDeleted: false },
    { id: 3, name: 'Spring', salesforceId: null, isDeleted: true },
  ]);
  assert.equal((await client.listCampaigns({}, call)).length, 1);
});

test('lists of exactly that name', async () => {
  api()
    .get(`${API}/lists`)
    .query({
      fields: 'id,name,campaignId,description',
      name: 'Spring & Co',
      idGreaterThan: '0',
      orderBy: 'id',
      limit: '1000',
    })
    .reply(
      200,
      values([
        { id: 4, name: 'Spring & Co', campaignId: 1, description: null },
        { id: 5, name: 'SPRING & CO', campaignId: 1, description: null },
      ]),
    );
  assert.deepEqual(await client.listsNamed('Spring & Co', call), [
    { id: 4, name: 'Spring & Co', campaignId: 1, description: null },
  ]);
});

const LIST = { name: 'Spring', title: 'Spring', description: 'session 1', campaignId: 1 };

function postList() {
  return api()
    .post(`${API}/lists`, { ...LIST, isPublic: false })
    .query({ fields: 'id' });
}

test('a list is created private; 204 means created, not readable', async () => {
  postList()
    .matchHeader('content-type', 'application/json')
    .reply(201, { id: 77 }, { Location: `${API}/lists/77` });
  postList().reply(204);
  assert.deepEqual(await client.createList(LIST, call), { id: 77 });
  assert.deepEqual(await client.createList(LIST, call), { id: null });
});

for (const body of ['', '{"name":"Spring"}', '<html></html>']) {
  test(`a created list whose answer is ${JSON.stringify(body)}: done, the id is lost`, async () => {
    postList().reply(201, body);
    await assert.rejects(client.createList(LIST, call), (error) => {
      assert.ok(error instanceof RetryableError);
      assert.equal(error.applied, 'done');
      return true;
    });
  });
}

function patchProspect(body: nock.DataMatcherMap) {
  return api().patch(`${API}/prospects/500`, body).query({ fields: 'id' });
}

test('a prospect is written by id, several values in one text, 200 and 204 alike', async () => {
  patchProspect({ attended__c: 'yes', topics__c: 'a;b', old__c: null })
    .matchHeader('content-type', 'application/json')
    .reply(200, { id: 500 });
  await client.updateProspect(500, { attended__c: 'yes', topics__c: ['a', 'b'], old__c: null }, call);
  patchProspect({ attended__c: 'no' }).reply(204);
  await client.updateProspect(500, { attended__c: 'no' }, call);
});

test('forms are listed without orderBy, in whatever order they come', async () => {
  api()
    .get(`${API}/forms`)
    .query({ fields: 'id,name,campaignId,isDeleted', idGreaterThan: '0', limit: '1000' })
    .reply(
      200,
      values([
        { id: 9, name: 'B', campaignId: 2, isDeleted: false },
        { id: 3, name: 'A', campaignId: null, isDeleted: null },
        { id: 5, name: 'gone', campaignId: 2, isDeleted: true },
      ]),
    );
  assert.deepEqual(await client.listAssets('form', call), [
    { kind: 'form', id: 3, name: 'A', campaignId: null, formId: null },
    { kind: 'form', id: 9, name: 'B', campaignId: 2, formId: null },
  ]);
});

test('form handlers and landing pages', async () => {
  api()
    .get(`${API}/form-handlers`)
    .query({ fields: 'id,name,campaignId,isDeleted', idGreaterThan: '0', orderBy: 'id', limit: '1000' })
    .reply(200, values([{ id: 1, name: 'H', campaignId: 2, isDeleted: false }]));
  api()
    .get(`${API}/landing-pages`)
    .query({ fields: 'id,name,campaignId,formId,isDeleted', idGreaterThan: '0', limit: '1000' })
    .reply(200, values([{ id: 2, name: 'L', campaignId: 3, formId: 30, isDeleted: false }]));
  assert.equal((await client.listAssets('form_handler', call))[0]?.kind, 'form_handler');
  assert.deepEqual(await client.listAssets('landing_page', call), [
    { kind: 'landing_page', id: 2, name: 'L', campaignId: 3, formId: 30 },
  ]);
});

function getAccount(token?: string) {
  return api(token).get(`${API}/account`).query({ fields: 'id,company' });
}

test('the account, and the usage it costs', async () => {
  getAccount().reply(200, { id: 1, company: 'ACME' }, { 'X-Api-Usage': '10018/25000' });
  assert.deepEqual(await client.account(call), { id: 1, company: 'ACME' });
  assert.deepEqual(governor.observed, { limit: 25_000, remaining: 14_982 });
  getAccount().reply(200, { id: 1, company: null }, { 'X-Api-Usage': '25001/25000' });
  await client.account(call);
  assert.equal(governor.observed.remaining, 0);
});

for (const [status, body] of [
  [401, { code: 184, message: 'access_token is invalid, unknown, or malformed: Inactive token' }],
  [400, { code: 184, message: 'access_token is invalid' }],
  [401, ''],
] as const) {
  test(`${status} ${JSON.stringify(body)}: one more try with a fresh token`, async () => {
    getAccount('token-1').reply(status, body);
    getAccount('token-2').reply(200, { id: 1, company: 'ACME' });
    assert.equal((await client.account(call)).id, 1);
    assert.deepEqual(tokens.invalidated, ['token-1']);
    assert.equal(governor.runs, 2);
  });
}

test('a fresh token that is refused too needs a person', async () => {
  const body = { code: 184, message: 'access_token is invalid' };
  getAccount('token-1').reply(401, body);
  getAccount('token-2').reply(401, body);
  await assert.rejects(client.account(call), (error) => {
    assert.ok(error instanceof AuthError);
    assert.match(error.hint ?? '', /synced/);
    return true;
  });
  assert.deepEqual(tokens.invalidated, ['token-1', 'token-2']);
});

test('while Account Engagement is left alone no token is asked for', async () => {
  const parked = new Error('parked');
  governor.check = () => {
    throw parked;
  };
  tokens.token = async () => assert.fail('asked');
  await assert.rejects(client.account(call), parked);
});

test('without a fresh token nothing is sent again', async () => {
  tokens.invalidate = () => {};
  getAccount('token-1').reply(401, '');
  await assert.rejects(client.account(call), { name: 'AuthError', status: 401 });
  assert.equal(governor.runs, 1);
});

const XML_201 =
  '<?xml version="1.0" encoding="UTF-8"?>\n<rsp stat="fail" version="1.0"><err code="201">no unit</err></rsp>';

for (const [what, status, body, code] of [
  ['49', 403, { code: 49, message: 'Access Denied' }, 49],
  ['181', 400, { code: 181, message: 'A required header is missing' }, 181],
  ['182', 400, { code: '182', message: 'header' }, 182],
  ['201 in XML', 403, XML_201, 201],
  ['201 in other XML', 400, '<error><code>201</code><message>no unit</message></error>', 201],
  ['201 in XML with 200', 200, XML_201, 201],
  ['203', 403, { code: 203, message: 'no admin' }, 203],
  ['a v3 error', 200, { '@attributes': { stat: 'fail', version: 1, err_code: 15 }, err: 'Login failed' }, 15],
  ['46', 405, { code: 46, message: 'User lacks permission' }, 46],
  ['an empty 403', 403, '', undefined],
] as const) {
  test(`${what} needs a person, with a hint in words`, async () => {
    getAccount().reply(status, body);
    await assert.rejects(client.account(call), (error) => {
      assert.ok(error instanceof AuthError, String(error));
      assert.equal(error.code, code);
      assert.ok(error.hint);
      return true;
    });
    assert.deepEqual(tokens.invalidated, []);
  });
}

test('66: not applied, a pause of one to five seconds', async () => {
  patchProspect({ a: 'b' }).reply(400, { code: 66, message: 'concurrent' });
  await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
    assert.ok(error instanceof RetryableError);
    const waitMs = (error.notBeforeMs ?? 0) - NOW;
    assert.equal(error.applied, 'not_applied');
    assert.ok(waitMs >= SECOND && waitMs <= 5 * SECOND, `${waitMs}`);
    assert.deepEqual(governor.parks, [{ reason: 'rate', untilMs: error.notBeforeMs }]);
    return true;
  });
});

for (const status of [400, 403, 429] as const) {
  test(`122 with HTTP ${status} parks until a probe in an hour`, async () => {
    patchProspect({ a: 'b' }).reply(status, { code: 122, message: 'Daily API rate limit met' });
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
      assert.ok(error instanceof ParkedError);
      assert.deepEqual([error.reason, error.untilMs], ['quota', NOW + HOUR]);
      return true;
    });
    assert.deepEqual(governor.parks, [{ reason: 'quota', untilMs: NOW + HOUR }]);
    assert.equal(governor.parkedWhileRunning, 1, 'parked before the place was given back');
  });
}

for (const [headers, waitMs] of [
  [{}, MINUTE],
  [{ 'Retry-After': '9' }, 9 * SECOND],
] as const) {
  test(`a bare 429 with ${JSON.stringify(headers)}`, async () => {
    patchProspect({ a: 'b' }).reply(429, '', headers);
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), {
      name: 'RetryableError',
      applied: 'not_applied',
      notBeforeMs: NOW + waitMs,
    });
  });
}

for (const [status, body] of [
  [400, { code: 62, message: 'conflicting update' }],
  [400, { code: 183, message: 'internal' }],
  [400, { code: 202, message: 'timeout' }],
  [400, { code: 214, message: 'timeout' }],
  [504, '<html><body>Gateway Time-out</body></html>'],
  [500, ''],
  [503, { message: 'maintenance' }],
  [403, '<html>Blocked</html>'],
  [200, '<html>Login</html>'],
  [200, ''],
  [302, ''],
] as const) {
  test(`a write answered ${status} ${JSON.stringify(body)}: unknown`, async () => {
    patchProspect({ a: 'b' }).reply(status, body);
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
      assert.ok(error instanceof RetryableError, String(error));
      assert.deepEqual([error.applied, error.status], ['unknown', status]);
      return true;
    });
    assert.deepEqual(governor.parks, []);
  });
}

for (const [status, body, code] of [
  [400, { code: 219, message: "Deleted records can't be updated. Please undelete before updating." }, 219],
  [404, { code: 109, message: 'The requested record was not found.' }, 109],
  [400, { code: 58, message: 'already a member' }, 58],
  [400, { code: 57, message: 'Invalid date' }, 57],
  [405, { code: 60, message: 'method' }, 60],
  [400, { '@attributes': { stat: 'fail', err_code: 4 }, err: 'Invalid prospect email address' }, 4],
  [404, '', undefined],
] as const) {
  test(`a write answered ${status} ${JSON.stringify(body)}: refused`, async () => {
    patchProspect({ a: 'b' }).reply(status, body);
    await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
      assert.ok(error instanceof RefusedError, String(error));
      assert.deepEqual([error.code, error.status], [code, status]);
      return true;
    });
  });
}

test('addresses are taken out of what the vendor says', async () => {
  patchProspect({ a: 'b' }).reply(400, { code: 9, message: 'ada@example.org exists' });
  await assert.rejects(client.updateProspect(500, { a: 'b' }, call), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.match(error.message, /code 9: \[address\] exists/);
    return true;
  });
});

test('an org that does not know the addresses of forms is asked without them from then on', async () => {
  const asked: boolean[] = [];
  const asks = (query: Record<string, unknown>): boolean => {
    asked.push(String(query.fields).includes('form.url'));
    return true;
  };
  api().get(`${API}/visitor-activities`).query(asks).reply(400, { code: 180, message: 'invalid fields' });
  api()
    .get(`${API}/visitor-activities`)
    .query(asks)
    .twice()
    .reply(200, values([activity(1)]));
  assert.equal((await client.listSubmissions(SINCE, call)).length, 1);
  assert.equal((await client.listSubmissions(SINCE, call)).length, 1);
  assert.deepEqual([...new Set([asked.includes(true), asked.at(-1)])], [true, false]);
});

test('other fields that are refused are not passed over', async () => {
  api()
    .get(`${API}/visitor-activities`)
    .query(true)
    .twice()
    .reply(400, { code: 180, message: 'invalid fields' });
  await assert.rejects(client.listSubmissions(SINCE, call), RefusedError);
});
