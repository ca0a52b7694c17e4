import assert from 'node:assert/strict';
import { test } from 'node:test';
import nock from 'nock';
import { SalesforceSetupClient } from '../../src/clients/salesforce-setup.ts';
import type { LoginSource } from '../../src/clients/token-source.ts';
import type { Call } from '../../src/domain.ts';
import { RefusedError, RetryableError, UnreadableAnswerError } from '../../src/errors.ts';
import { OpenGovernor } from '../support/open-governor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { strictJsforce } from './jsforce-nock.ts';

const ORG = 'https://acme.my.salesforce.com';
const BASE = '/services/data/v66.0';
const EXTENSION = '6Ex000000000001AAA';
const UNIT = '0Uv000000000001AAA';
const call: Call = { work: 'discovery', signal: new AbortController().signal };

strictJsforce();

const tokens: LoginSource = {
  login: async () => ({ accessToken: '00D1!token', instanceUrl: ORG }),
  token: async () => '00D1!token',
  invalidate: () => {},
};

function setUp(): SalesforceSetupClient {
  return new SalesforceSetupClient({
    tokens,
    governor: new OpenGovernor('salesforce'),
    clock: new VirtualClock(0),
    apiVersion: '66.0',
    timeoutMs: 2_000,
  });
}

const org = () => nock(ORG, { reqheaders: { authorization: 'Bearer 00D1!token' } });
const query = (soql: string) => org().get(`${BASE}/tooling/query`).query({ q: soql });
const found = (...records: object[]) => ({ totalSize: records.length, done: true, records });
const post = (object: string, body: nock.RequestBodyMatcher) =>
  org().post(`${BASE}/tooling/sobjects/${object}`, body);
const made = (id: string) => ({ id, success: true, errors: [], warnings: [], infos: [] });
const refusal = (errorCode: string) => [{ errorCode, message: 'no' }];

test('describe tells rights, and of each field what matters to an external id', async () => {
  const fields = [
    { name: 'Name', type: 'string', length: 80, createable: true, nillable: false, defaultedOnCreate: false },
    { name: 'IsActive', type: 'boolean', createable: true, nillable: false, defaultedOnCreate: true },
    { name: 'CreatedDate', type: 'datetime', createable: false, nillable: false },
    {
      name: 'Session__c',
      type: 'string',
      length: 64,
      createable: true,
      nillable: true,
      externalId: true,
      unique: true,
    },
  ];
  org().get(`${BASE}/sobjects/Campaign/describe`).reply(200, { createable: true, updateable: false, fields });
  const description = await setUp().describeCampaign(call);
  assert.deepEqual([description.createable, description.updateable], [true, false]);
  const required = description.fields.filter((field) => field.required).map(({ name }) => name);
  assert.deepEqual(required, ['Name']);
  assert.deepEqual(description.fields[3], {
    name: 'Session__c',
    type: 'string',
    length: 64,
    createable: true,
    externalId: true,
    unique: true,
    required: false,
  });
});

test('a campaign field is made as an external id; one that exists is not an error', async () => {
  const field = { name: 'Session__c', label: 'Session', length: 64 };
  const metadata = { type: 'Text', label: 'Session', length: 64 };
  const wanted = {
    FullName: 'Campaign.Session__c',
    Metadata: { ...metadata, externalId: true, unique: true, caseSensitive: false },
  };
  post('CustomField', wanted).reply(201, made('00N000000000001AAA'));
  assert.equal(await setUp().createCampaignField(field, call), true);
  post('CustomField', wanted).reply(400, refusal('DUPLICATE_DEVELOPER_NAME'));
  assert.equal(await setUp().createCampaignField(field, call), false);
});

test('business units come with name and status', async () => {
  query('SELECT Id, PardotTenantName, CreationStatus FROM PardotTenant').reply(
    200,
    found({ Id: UNIT, PardotTenantName: 'Acme', CreationStatus: 'Created' }, { Id: '0Uv2' }),
  );
  assert.deepEqual(await setUp().businessUnits(call), [
    { id: UNIT, name: 'Acme', status: 'Created' },
    { id: '0Uv2', name: null, status: null },
  ]);
});

test('an extension is found by its name, quoted, or not at all', async () => {
  const soql = (name: string) =>
    `SELECT Id, DeveloperName, IsActive FROM MarketingAppExtension WHERE DeveloperName = '${name}'`;
  const client = setUp();
  query(soql('Livestorm')).reply(200, found({ Id: EXTENSION, DeveloperName: 'Livestorm', IsActive: false }));
  assert.deepEqual(await client.findExtension('Livestorm', call), {
    id: EXTENSION,
    developerName: 'Livestorm',
    isActive: false,
  });
  query(soql("O\\'Neill")).reply(200, found());
  assert.equal(await client.findExtension("O'Neill", call), null);
});

test('an extension is made active, read by id and activated', async () => {
  const client = setUp();
  const body = { DeveloperName: 'Livestorm', MasterLabel: 'Livestorm', IsActive: true };
  post('MarketingAppExtension', body).reply(201, made(EXTENSION));
  assert.equal(await client.createExtension('Livestorm', 'Livestorm', call), EXTENSION);
  for (const code of ['DUPLICATE_DEVELOPER_NAME', 'DUPLICATE_VALUE']) {
    post('MarketingAppExtension', body).reply(400, refusal(code));
    assert.equal(await client.createExtension('Livestorm', 'Livestorm', call), null, code);
  }
  const path = `${BASE}/tooling/sobjects/MarketingAppExtension/${EXTENSION}`;
  org().get(path).reply(200, { Id: EXTENSION, DeveloperName: 'Livestorm', IsActive: true });
  assert.equal((await client.extension(EXTENSION, call)).isActive, true);
  org().patch(path, { IsActive: true }).reply(204);
  await client.activateExtension(EXTENSION, call);
});

test('an extension is assigned to a business unit, once or again', async () => {
  const client = setUp();
  const body = { ParentId: UNIT, MarketingAppExtensionId: EXTENSION };
  post('MarketingAppExtAssignment', body).reply(201, made('6Ez1'));
  await client.assignExtension(EXTENSION, UNIT, call);
  post('MarketingAppExtAssignment', body).reply(400, refusal('DUPLICATE_VALUE'));
  await client.assignExtension(EXTENSION, UNIT, call);
  query(
    `SELECT ParentId FROM MarketingAppExtAssignment WHERE MarketingAppExtensionId = '${EXTENSION}'`,
  ).reply(200, found({ ParentId: UNIT }));
  assert.deepEqual(await client.assignedBusinessUnits(EXTENSION, call), [UNIT]);
});

test('activity types are listed by extension, found by name, made and activated', async () => {
  const client = setUp();
  const select =
    'SELECT Id, DeveloperName, IsActive, MarketingAppExtensionId FROM MarketingAppExtActivity WHERE';
  const record = {
    Id: '6Ey1',
    DeveloperName: 'Attended',
    IsActive: 'true',
    MarketingAppExtensionId: EXTENSION,
  };
  const type = { id: '6Ey1', developerName: 'Attended', isActive: true, extensionId: EXTENSION };
  query(`${select} MarketingAppExtensionId = '${EXTENSION}'`).reply(200, found(record));
  assert.deepEqual(await client.activityTypes(EXTENSION, call), [type]);
  query(`${select} DeveloperName = 'Attended'`).reply(200, found(record));
  assert.deepEqual(await client.findActivityType('Attended', call), type);
  const wanted = { extensionId: EXTENSION, developerName: 'Attended', label: 'Session attended' };
  post('MarketingAppExtActivity', {
    DeveloperName: 'Attended',
    MasterLabel: 'Session attended',
    MarketingAppExtensionId: EXTENSION,
    IsActive: true,
  }).reply(201, made('6Ey1'));
  assert.equal(await client.createActivityType(wanted, call), '6Ey1');
  org().patch(`${BASE}/tooling/sobjects/MarketingAppExtActivity/6Ey1`, { IsActive: true }).reply(204);
  await client.activateActivityType('6Ey1', call);
});

for (const [status, code] of [
  [403, 'INSUFFICIENT_ACCESS'],
  [400, 'INVALID_TYPE'],
  [404, 'NOT_FOUND'],
] as const) {
  test(`${code} speaks of setting up, not of campaigns`, async () => {
    post('MarketingAppExtension', () => true).reply(status, refusal(code));
    await assert.rejects(setUp().createExtension('Livestorm', 'Livestorm', call), (error: RefusedError) => {
      assert.ok(error instanceof RefusedError);
      assert.equal(error.code, code);
      assert.match(error.hint ?? '', /set this up/);
      return true;
    });
  });
}

test('trouble is not taken for an answer', async () => {
  const client = setUp();
  post('MarketingAppExtension', () => true).reply(503, '<html>maintenance</html>');
  await assert.rejects(client.createExtension('Livestorm', 'Livestorm', call), RetryableError);
  query('SELECT Id, PardotTenantName, CreationStatus FROM PardotTenant').reply(200, { records: 'none' });
  await assert.rejects(client.businessUnits(call), UnreadableAnswerError);
});
