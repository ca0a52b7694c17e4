import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type nock from 'nock';
import { PardotClient } from '../../src/clients/pardot.ts';
import { MINUTE } from '../../src/clock.ts';
import type { Call } from '../../src/domain.ts';
import { RetryableError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock } from '../support/strict-nock.ts';
import { api, NOW, OBJECTS, pardotOptions, values } from './pardot-api.ts';

const call: Call = { work: 'discovery', signal: new AbortController().signal };
let governor: OpenGovernor;
let client: PardotClient;

beforeEach(() => {
  governor = new OpenGovernor('pardot');
  client = new PardotClient(pardotOptions(governor));
});

strictNock();

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
    .get(`${OBJECTS}/campaigns`)
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
    .get(`${OBJECTS}/campaigns`)
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
    .get(`${OBJECTS}/lists`)
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
    .post(`${OBJECTS}/lists`, { ...LIST, isPublic: false })
    .query({ fields: 'id' });
}

test('a list is created private; 204 means created, not readable', async () => {
  postList()
    .matchHeader('content-type', 'application/json')
    .reply(201, { id: 77 }, { Location: `${OBJECTS}/lists/77` });
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
  return api().patch(`${OBJECTS}/prospects/500`, body).query({ fields: 'id' });
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
    .get(`${OBJECTS}/forms`)
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
    .get(`${OBJECTS}/form-handlers`)
    .query({ fields: 'id,name,campaignId,isDeleted', idGreaterThan: '0', orderBy: 'id', limit: '1000' })
    .reply(200, values([{ id: 1, name: 'H', campaignId: 2, isDeleted: false }]));
  api()
    .get(`${OBJECTS}/landing-pages`)
    .query({ fields: 'id,name,campaignId,formId,isDeleted', idGreaterThan: '0', limit: '1000' })
    .reply(200, values([{ id: 2, name: 'L', campaignId: 3, formId: 30, isDeleted: false }]));
  assert.equal((await client.listAssets('form_handler', call))[0]?.kind, 'form_handler');
  assert.deepEqual(await client.listAssets('landing_page', call), [
    { kind: 'landing_page', id: 2, name: 'L', campaignId: 3, formId: 30 },
  ]);
});

function getAccount(token?: string) {
  return api(token).get(`${OBJECTS}/account`).query({ fields: 'id,company' });
}

test('the account, and the usage it costs', async () => {
  getAccount().reply(200, { id: 1, company: 'ACME' }, { 'X-Api-Usage': '10018/25000' });
  assert.deepEqual(await client.account(call), { id: 1, company: 'ACME' });
  assert.deepEqual(governor.observed, { limit: 25_000, remaining: 14_982 });
  getAccount().reply(200, { id: 1, company: null }, { 'X-Api-Usage': '25001/25000' });
  await client.account(call);
  assert.equal(governor.observed.remaining, 0);
});
