import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import nock from 'nock';
import { PardotCustomFields } from '../../src/clients/pardot-custom-fields.ts';
import type { Call } from '../../src/domain.ts';
import { AuthError, RefusedError, UnreadableAnswerError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { strictNock, wireParts } from '../support/strict-nock.ts';

const HOST = 'https://pi.pardot.test';
const PATH = '/api/v5/objects/custom-fields';
const QUERY = {
  fields: 'id,name,fieldId,apiFieldId,type,isRecordMultipleResponses',
  idGreaterThan: '0',
  limit: '1000',
};
const call: Call = { work: 'discovery', signal: new AbortController().signal };
let client: PardotCustomFields;

beforeEach(() => {
  client = new PardotCustomFields({
    http: wireParts(0),
    baseUrl: HOST,
    businessUnitId: '0Uv000000000001AAA',
    tokens: { token: async () => 'token', invalidate: () => {} },
    governor: new OpenGovernor('pardot'),
  });
});

strictNock();

const page = (values: object[]) => ({ nextPageToken: null, nextPageUrl: null, values });

test('types compare without case, and flags come as booleans, text or nothing', async () => {
  const rows = [
    {
      id: 1,
      fieldId: 'Rate',
      apiFieldId: 'Rate__c',
      type: 'Radio Button',
      isRecordMultipleResponses: 'true',
    },
    { id: 2, fieldId: 'Text', apiFieldId: null, type: 'text', isRecordMultipleResponses: null },
    {
      id: 3,
      fieldId: 'New',
      apiFieldId: 'New__c',
      type: 'Hologram',
      isRecordMultipleResponses: false,
    },
  ];
  nock(HOST).get(PATH).query(QUERY).reply(200, page(rows));
  assert.deepEqual(await client.list(call), [
    { apiName: 'Rate__c', type: 'radio button', appends: true },
    { apiName: 'Text__c', type: 'text', appends: false },
    { apiName: 'New__c', type: 'unknown', appends: false },
  ]);
});

test('a field is made without the suffix and never appends', async () => {
  const wanted = { apiName: 'Webinar_Rate__c', label: 'Webinar Rate', type: 'Number' } as const;
  const body = {
    name: 'Webinar Rate',
    fieldId: 'Webinar_Rate',
    type: 'Number',
    isRecordMultipleResponses: false,
  };
  nock(HOST).post(PATH, body).query({ fields: 'id' }).reply(201, { id: 7 });
  assert.equal(await client.create(wanted, call), true);
  nock(HOST).post(PATH, body).query({ fields: 'id' }).reply(204);
  assert.equal(await client.create(wanted, call), true, 'made, but not to be read');
  nock(HOST).post(PATH, body).query({ fields: 'id' }).reply(400, { code: 245, message: 'in use' });
  assert.equal(await client.create(wanted, call), false, 'there already');
  nock(HOST).post(PATH, body).query({ fields: 'id' }).reply(400, { code: 154, message: 'invalid' });
  await assert.rejects(client.create(wanted, call), RefusedError);
});

test('a missing ability is a matter of permissions', async () => {
  nock(HOST).get(PATH).query(QUERY).reply(405, { code: 46, message: 'User lacks permission' });
  await assert.rejects(client.list(call), AuthError);
});

test('a field without type cannot be judged', async () => {
  nock(HOST)
    .get(PATH)
    .query(QUERY)
    .reply(200, page([{ id: 1, fieldId: 'X' }]));
  await assert.rejects(client.list(call), UnreadableAnswerError);
});
