import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reply } from '../../../src/sandbox/kernel/exchange.ts';
import type { SalesforceSwitches } from '../../../src/sandbox/salesforce/switches.ts';
import { errorOf, json, Org } from './org.ts';

const EXTENSION = '/tooling/sobjects/MarketingAppExtension';
const TYPE = '/tooling/sobjects/MarketingAppExtActivity';
const ASSIGNMENT = '/tooling/sobjects/MarketingAppExtAssignment';
const FIELD = '/tooling/sobjects/CustomField';
const UNIT = '0Uv000000000000AAA';

function connected(switches: Partial<SalesforceSwitches> = {}) {
  const org = new Org(switches, [{ id: UNIT, name: 'Acme Marketing' }]);
  const token = org.token();
  const send = (method: string, path: string, body?: unknown): Reply => org.rest(method, path, token, body);
  const make = (path: string, body: Record<string, unknown>): string => {
    const reply = send('POST', path, body);
    assert.equal(reply.status, 201, reply.body);
    return String(json(reply).id);
  };
  const query = (soql: string): Record<string, unknown>[] =>
    json(send('GET', `/tooling/query?q=${encodeURIComponent(soql)}`)).records as Record<string, unknown>[];
  const refusal = (method: string, path: string, body?: unknown): string => {
    const { status, errorCode } = errorOf(send(method, path, body));
    return `${status} ${errorCode}`;
  };
  return { org, send, make, query, refusal, world: org.salesforce.world };
}

function extended(switches: Partial<SalesforceSwitches> = {}) {
  const on = connected(switches);
  const id = on.make(EXTENSION, { DeveloperName: 'Livestorm', MasterLabel: 'Livestorm' });
  return { ...on, id };
}

test('an extension with types is inactive until told otherwise, and assigned by business unit', () => {
  const { send, make, world, id } = extended();
  const type = make(TYPE, {
    DeveloperName: 'Registered',
    MasterLabel: 'People registered',
    MarketingAppExtensionId: id,
  });
  const before = { developerName: 'Livestorm', isActive: false, assignedBusinessUnitIds: [] };
  assert.deepEqual(world.marketingExtensions(), [
    { ...before, types: [{ developerName: 'Registered', isActive: false }] },
  ]);
  make(ASSIGNMENT, { ParentId: UNIT.slice(0, 15), MarketingAppExtensionId: id });
  assert.equal(send('PATCH', `${EXTENSION}/${id}`, { IsActive: true }).status, 204);
  assert.equal(send('PATCH', `${TYPE}/${type}`, { IsActive: true }).status, 204);
  assert.deepEqual(world.marketingExtensions(), [
    {
      developerName: 'Livestorm',
      isActive: true,
      assignedBusinessUnitIds: [UNIT],
      types: [{ developerName: 'Registered', isActive: true }],
    },
  ]);
});

test('queries find by developer name, by extension and by business unit', () => {
  const { make, query, id } = extended();
  const other = make(EXTENSION, { MasterLabel: 'Other vendor' });
  const mine = make(TYPE, { DeveloperName: 'Attended', MasterLabel: 'x', MarketingAppExtensionId: id });
  make(TYPE, { DeveloperName: 'Bought', MasterLabel: 'x', MarketingAppExtensionId: other });
  make(ASSIGNMENT, { ParentId: UNIT, MarketingAppExtensionId: other });
  const ids = (soql: string) => query(soql).map((record) => record.Id);
  assert.deepEqual(ids("SELECT Id FROM MarketingAppExtension WHERE DeveloperName = 'Livestorm'"), [id]);
  assert.deepEqual(ids("SELECT Id FROM MarketingAppExtension WHERE DeveloperName = 'Other_vendor'"), [other]);
  assert.deepEqual(ids(`SELECT Id FROM MarketingAppExtActivity WHERE MarketingAppExtensionId = '${id}'`), [
    mine,
  ]);
  const assigned = `SELECT MarketingAppExtensionId FROM MarketingAppExtAssignment WHERE ParentId = '${UNIT}'`;
  assert.deepEqual(query(assigned)[0]?.MarketingAppExtensionId, other);
  const [tenant] = query('SELECT Id, PardotTenantId, PardotTenantName, CreationStatus FROM PardotTenant');
  assert.deepEqual(tenant, {
    attributes: { type: 'PardotTenant', url: `/services/data/v66.0/tooling/sobjects/PardotTenant/${UNIT}` },
    Id: UNIT,
    PardotTenantId: 900_001,
    PardotTenantName: 'Acme Marketing',
    CreationStatus: 'Created',
  });
});

test('extensions and types cannot be deleted, assignments can', () => {
  const { send, make, refusal, world, id } = extended();
  const type = make(TYPE, { DeveloperName: 'Attended', MasterLabel: 'x', MarketingAppExtensionId: id });
  const assignment = make(ASSIGNMENT, { ParentId: UNIT, MarketingAppExtensionId: id });
  assert.equal(refusal('DELETE', `${EXTENSION}/${id}`), '405 METHOD_NOT_ALLOWED');
  assert.equal(refusal('DELETE', `${TYPE}/${type}`), '405 METHOD_NOT_ALLOWED');
  assert.equal(refusal('POST', '/tooling/sobjects/PardotTenant', {}), '405 METHOD_NOT_ALLOWED');
  assert.equal(send('DELETE', `${ASSIGNMENT}/${assignment}`).status, 204);
  assert.deepEqual(world.marketingExtensions()[0]?.assignedBusinessUnitIds, []);
  assert.equal(send('GET', `${EXTENSION}/${id.slice(0, 15)}?fields=DeveloperName`).status, 200);
  assert.equal(refusal('GET', `${EXTENSION}/6Ex000000000000AAA`), '404 NOT_FOUND');
});

test('a developer name is well formed and taken once in the org, under the code that the switch names', () => {
  const { org, make, refusal, id } = extended();
  for (const DeveloperName of ['1st', 'two words', 'under__score', 'last_', 'é']) {
    const body = { DeveloperName, MasterLabel: 'x' };
    assert.equal(refusal('POST', EXTENSION, body), '400 INVALID_FIELD', DeveloperName);
  }
  const body = { DeveloperName: 'livestorm', MasterLabel: 'x' };
  assert.equal(refusal('POST', EXTENSION, body), '400 DUPLICATE_DEVELOPER_NAME');
  org.salesforce.switches.duplicateDeveloperName = 'DUPLICATE_VALUE';
  assert.equal(refusal('POST', EXTENSION, body), '400 DUPLICATE_VALUE');
  const other = make(EXTENSION, { DeveloperName: 'Other', MasterLabel: 'x' });
  make(TYPE, { DeveloperName: 'Attended', MasterLabel: 'x', MarketingAppExtensionId: other });
  const type = { DeveloperName: 'Attended', MasterLabel: 'x', MarketingAppExtensionId: id };
  assert.equal(refusal('POST', TYPE, type), '400 DUPLICATE_VALUE');
});

test('what a type or an assignment needs must be there, and stays', () => {
  const { make, refusal, id } = extended();
  const type = { DeveloperName: 'Attended', MasterLabel: 'x', MarketingAppExtensionId: id };
  assert.equal(refusal('POST', TYPE, { ...type, MasterLabel: '' }), '400 REQUIRED_FIELD_MISSING');
  const stray = { ...type, MarketingAppExtensionId: '6Ex000000000000AAA' };
  assert.equal(refusal('POST', TYPE, stray), '400 INVALID_CROSS_REFERENCE_KEY');
  const made = make(TYPE, type);
  const move = { MarketingAppExtensionId: id };
  assert.equal(refusal('PATCH', `${TYPE}/${made}`, move), '400 INVALID_FIELD_FOR_INSERT_UPDATE');
  const assignment = { ParentId: UNIT, MarketingAppExtensionId: id };
  make(ASSIGNMENT, assignment);
  assert.equal(refusal('POST', ASSIGNMENT, assignment), '400 DUPLICATE_VALUE');
});

test('rights and edition decide what the API user meets', () => {
  const { org, refusal, send, id } = extended();
  const find = `/tooling/query?q=${encodeURIComponent('SELECT Id FROM MarketingAppExtension')}`;
  const { switches } = org.salesforce;
  switches.extensionQueryable = false;
  assert.equal(refusal('GET', find), '400 INVALID_TYPE');
  assert.equal(send('GET', `${EXTENSION}/${id}`).status, 200);
  switches.marketingExtensionsInEdition = false;
  assert.equal(refusal('POST', EXTENSION, { MasterLabel: 'x' }), '404 NOT_FOUND');
  switches.setupRights = 'read_only';
  const tenants = `/tooling/query?q=${encodeURIComponent('SELECT Id FROM PardotTenant')}`;
  assert.equal(send('GET', tenants).status, 200);
  assert.equal(refusal('POST', FIELD, {}), '403 INSUFFICIENT_ACCESS');
  switches.setupRights = 'none';
  assert.equal(refusal('GET', tenants), '403 INSUFFICIENT_ACCESS');
});

const METADATA = { type: 'Text', label: 'Session', length: 64, externalId: true, unique: true };
const external = (path: string) => `/sobjects/Campaign/${path}`;

test('a created custom field becomes an external id that campaigns are found and kept unique by', () => {
  const { send, make, refusal, world } = connected({ externalIdFieldExists: false });
  assert.equal(
    refusal('PATCH', external('Livestorm_Session_Id__c/s-1'), { Name: 'Launch' }),
    '404 NOT_FOUND',
  );
  make(FIELD, { FullName: 'Campaign.Livestorm_Session_Id__c', Metadata: METADATA });
  const again = { FullName: 'Campaign.livestorm_session_id__c', Metadata: METADATA };
  assert.equal(refusal('POST', FIELD, again), '400 DUPLICATE_DEVELOPER_NAME');
  const upsert = () => send('PATCH', external('Livestorm_Session_Id__c/s-1'), { Name: 'Launch' }).status;
  assert.deepEqual([upsert(), upsert()], [201, 200]);
  assert.equal(world.campaigns()[0]?.externalId, 's-1');
  const copy = { Name: 'Copy', Livestorm_Session_Id__c: 'S-1' };
  assert.equal(refusal('POST', '/sobjects/Campaign', copy), '400 DUPLICATE_VALUE');
});

test('a field that the API user may not see is neither described nor usable, but its name is taken', () => {
  const { org, send, make, refusal } = connected({ externalIdFieldExists: false, newFieldsVisible: false });
  const body = { FullName: 'Campaign.Livestorm_Session_Id__c', Metadata: METADATA };
  make(FIELD, body);
  const described = () => {
    const { fields } = json(send('GET', external('describe')));
    return (fields as { name: string }[]).some(({ name }) => name === 'Livestorm_Session_Id__c');
  };
  assert.equal(described(), false);
  assert.equal(refusal('POST', FIELD, body), '400 DUPLICATE_DEVELOPER_NAME');
  org.salesforce.switches.newFieldsVisible = true;
  assert.equal(described(), true);
});

const UNFIT = [
  { Metadata: METADATA },
  { FullName: 'Lead.X__c', Metadata: METADATA },
  { FullName: 'Campaign.X', Metadata: METADATA },
  { FullName: 'Campaign.two__words__c', Metadata: METADATA },
  { FullName: 'Campaign.X__c' },
  { FullName: 'Campaign.X__c', Metadata: { ...METADATA, label: '' } },
  { FullName: 'Campaign.X__c', Metadata: { ...METADATA, length: 256 } },
  { FullName: 'Campaign.X__c', Metadata: { ...METADATA, type: 'Number' } },
];

for (const body of UNFIT) {
  test(`no custom field is made of ${JSON.stringify(body)}`, () => {
    assert.match(connected().refusal('POST', FIELD, body), /^400 (INVALID_FIELD|REQUIRED_FIELD_MISSING)$/);
  });
}
