import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { PardotClient } from '../../src/clients/pardot.ts';
import { MINUTE } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, RefusedError, UnreadableAnswerError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, NOW, OBJECTS, pardotOptions, values } from './pardot-api.ts';

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let client: PardotClient;

beforeEach(() => {
  client = new PardotClient(pardotOptions(new OpenGovernor('pardot')));
});

strictNock();

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
  api().get(`${OBJECTS}/visitor-activities`).query(true).reply(200, values(rows), headers);
}

test('submissions: type 4 since a time with offset, by id, standard prospect fields in the same call', async () => {
  let url = '';
  api()
    .get(`${OBJECTS}/visitor-activities`)
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
      .get(`${OBJECTS}/visitor-activities`)
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
    .get(`${OBJECTS}/visitor-activities`)
    .query(true)
    .reply(200, values([activity(9), activity(5)], 'token'));
  await assert.rejects(client.listSubmissions(SINCE, call), { name: 'UnreadableAnswerError', field: 'id' });
});

test('an ignored idGreaterThan is no endless loop', async () => {
  const again = () =>
    api()
      .get(`${OBJECTS}/visitor-activities`)
      .query(true)
      .reply(200, values([activity(5)], 'token'));
  again();
  again();
  await assert.rejects(client.listSubmissions(SINCE, call), { name: 'UnreadableAnswerError', field: 'id' });
});

test('submissions once more, by id', async () => {
  api()
    .get(`${OBJECTS}/visitor-activities`)
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

test('an org that does not know the addresses of forms is asked without them from then on', async () => {
  const asked: boolean[] = [];
  const asks = (query: Record<string, unknown>): boolean => {
    asked.push(String(query.fields).includes('form.url'));
    return true;
  };
  api().get(`${OBJECTS}/visitor-activities`).query(asks).reply(400, { code: 180, message: 'invalid fields' });
  api()
    .get(`${OBJECTS}/visitor-activities`)
    .query(asks)
    .twice()
    .reply(200, values([activity(1)]));
  assert.equal((await client.listSubmissions(SINCE, call)).length, 1);
  assert.equal((await client.listSubmissions(SINCE, call)).length, 1);
  assert.deepEqual([...new Set([asked.includes(true), asked.at(-1)])], [true, false]);
});

test('other fields that are refused are not passed over', async () => {
  api()
    .get(`${OBJECTS}/visitor-activities`)
    .query(true)
    .twice()
    .reply(400, { code: 180, message: 'invalid fields' });
  await assert.rejects(client.listSubmissions(SINCE, call), RefusedError);
});
