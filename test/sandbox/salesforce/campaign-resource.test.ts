import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, json, Org } from './org.ts';

const EXT = '/sobjects/Campaign/Livestorm_Session_Id__c';

function connected(...args: ConstructorParameters<typeof Org>): { org: Org; token: string } {
  const org = new Org(...args);
  return { org, token: org.token() };
}

function create(org: Org, token: string, body: Record<string, unknown>): string {
  return String(json(org.rest('POST', '/sobjects/Campaign', token, body)).id);
}

test('a created campaign has an 18-character id, is inactive by default and can be read', () => {
  const { org, token } = connected();
  const reply = org.rest('POST', '/sobjects/Campaign', token, { Name: 'Launch', StartDate: '2026-03-02' });
  const { id } = json(reply);
  assert.equal(reply.status, 201);
  assert.deepEqual(json(reply), { id, success: true, errors: [] });
  assert.match(String(id), /^701[0-9A-Za-z]{15}$/);
  const record = json(org.rest('GET', `/sobjects/Campaign/${String(id).slice(0, 15)}`, token));
  assert.equal(record.Id, id);
  assert.equal(record.Name, 'Launch');
  assert.equal(record.IsActive, false);
  assert.equal(record.Description, null);
  assert.equal(record.CreatedDate, '2026-03-01T09:00:00.000+0000');
  assert.deepEqual(record.attributes, {
    type: 'Campaign',
    url: `/services/data/v66.0/sobjects/Campaign/${id}`,
  });
});

const REFUSED = [
  ['no name', { IsActive: true }, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
  ['blank name', { Name: ' ' }, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
  [
    'unknown field',
    { Name: 'x', foo: 1 },
    'INVALID_FIELD',
    "No such column 'foo' on sobject of type Campaign",
  ],
  ['bad date', { Name: 'x', StartDate: '02.03.2026' }, 'JSON_PARSER_ERROR', /date/],
  ['bad boolean', { Name: 'x', IsActive: 'true' }, 'JSON_PARSER_ERROR', /boolean/],
  ['read-only field', { Name: 'x', TenantId: '0Uv' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', /TenantId/],
] as const;

for (const [name, body, errorCode, message] of REFUSED) {
  test(`create refused: ${name}`, () => {
    const { org, token } = connected();
    const error = errorOf(org.rest('POST', '/sobjects/Campaign', token, body));
    assert.equal(error.status, 400);
    assert.equal(error.errorCode, errorCode);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    assert.equal(org.salesforce.world.campaigns().length, 0);
  });
}

test('a name of 80 UTF-16 units fits, one of 81 does not', () => {
  const { org, token } = connected();
  assert.equal(org.rest('POST', '/sobjects/Campaign', token, { Name: 'é'.repeat(80) }).status, 201);
  const error = errorOf(org.rest('POST', '/sobjects/Campaign', token, { Name: '😀'.repeat(40) + 'x' }));
  assert.equal(error.errorCode, 'STRING_TOO_LONG');
  assert.match(error.message, /max length=80/);
  assert.deepEqual(error.fields, ['Name']);
});

test('a body that is no JSON object, or not sent as JSON, is refused', () => {
  const { org, token } = connected();
  const send = (body: string, type: string) =>
    errorOf(
      org.send('POST', '/services/data/v66.0/sobjects/Campaign', body, {
        authorization: `Bearer ${token}`,
        'content-type': type,
      }),
    );
  assert.equal(send('{', 'application/json').errorCode, 'JSON_PARSER_ERROR');
  assert.equal(send('[]', 'application/json').errorCode, 'JSON_PARSER_ERROR');
  assert.equal(send('{"Name":"x"}', 'text/plain').status, 415);
});

test('PATCH changes, DELETE removes, and neither knows a foreign id', () => {
  const { org, token } = connected();
  const path = `/sobjects/Campaign/${create(org, token, { Name: 'Old', IsActive: true })}`;
  org.nowMs += 60_000;
  assert.equal(org.rest('PATCH', path, token, { Name: 'New' }).status, 204);
  const record = json(org.rest('GET', `${path}?fields=Name,IsActive,LastModifiedDate`, token));
  assert.equal(record.Name, 'New');
  assert.equal(record.IsActive, true);
  assert.equal(record.LastModifiedDate, '2026-03-01T09:01:00.000+0000');
  assert.equal(record.Status, undefined);
  assert.equal(org.rest('DELETE', path, token).status, 204);
  assert.equal(errorOf(org.rest('GET', path, token)).errorCode, 'ENTITY_IS_DELETED');
  const missing = '/sobjects/Campaign/701000000000000AAA';
  assert.equal(errorOf(org.rest('GET', missing, token)).errorCode, 'NOT_FOUND');
  assert.equal(errorOf(org.rest('DELETE', missing, token)).errorCode, 'INVALID_CROSS_REFERENCE_KEY');
});

test('an upsert creates, then updates, and names which', () => {
  const { org, token } = connected();
  const created = org.rest('PATCH', `${EXT}/abc-1`, token, { Name: 'A' });
  const updated = org.rest('PATCH', `${EXT}/ABC-1`, token, { Name: 'B' });
  assert.equal(created.status, 201);
  assert.equal(json(created).created, true);
  assert.equal(updated.status, 200);
  assert.deepEqual(json(updated), { id: json(created).id, success: true, errors: [], created: false });
  const [campaign, ...others] = org.salesforce.world.campaigns();
  assert.equal(others.length, 0);
  assert.equal(campaign?.name, 'B');
  assert.equal(campaign?.externalId, 'abc-1');
});

test('an upsert with updateOnly, an unknown field, the field in its body, or an old version', () => {
  const { org, token } = connected();
  assert.equal(org.rest('PATCH', `${EXT}/a?updateOnly=true`, token, { Name: 'A' }).status, 404);
  const unknown = errorOf(org.rest('PATCH', '/sobjects/Campaign/Other__c/a', token, { Name: 'A' }));
  assert.deepEqual([unknown.status, unknown.errorCode], [404, 'NOT_FOUND']);
  assert.match(unknown.message, /Other__c/);
  const inBody = org.rest('PATCH', `${EXT}/a`, token, { Name: 'A', Livestorm_Session_Id__c: 'a' });
  assert.equal(errorOf(inBody).errorCode, 'INVALID_FIELD');
  const old = `/services/data/v45.0${EXT}/a`;
  assert.equal(org.rest('PATCH', old, token, { Name: 'A' }).status, 201);
  assert.equal(org.rest('PATCH', old, token, { Name: 'A' }).status, 204);
});

test('the external id is unique, and without uniqueness an upsert answers 300', () => {
  const { org, token } = connected();
  const first = create(org, token, { Name: 'A', Livestorm_Session_Id__c: 'abc' });
  const body = { Name: 'B', Livestorm_Session_Id__c: 'ABC' };
  const error = errorOf(org.rest('POST', '/sobjects/Campaign', token, body));
  assert.equal(error.errorCode, 'DUPLICATE_VALUE');
  assert.match(error.message, new RegExp(first));
  org.salesforce.switches.externalIdUnique = false;
  const second = create(org, token, body);
  const reply = org.rest('PATCH', `${EXT}/abc`, token, { Name: 'C' });
  assert.equal(reply.status, 300);
  assert.deepEqual(
    JSON.parse(reply.body),
    [first, second].map((id) => `/services/data/v66.0/sobjects/Campaign/${id}`),
  );
});

test('after a deletion an upsert makes a campaign with another id', () => {
  const { org, token } = connected();
  const first = json(org.rest('PATCH', `${EXT}/abc`, token, { Name: 'A' })).id;
  org.salesforce.world.deleteCampaign(String(first));
  const again = org.rest('PATCH', `${EXT}/abc`, token, { Name: 'A' });
  assert.equal(again.status, 201);
  assert.notEqual(json(again).id, first);
});

for (const status of [400, 500] as const) {
  test(`UNABLE_TO_LOCK_ROW hits as many writes as told, with ${status}`, () => {
    const { org, token } = connected({ lockRowTimes: 2, lockRowStatus: status });
    const upsert = () => org.rest('PATCH', `${EXT}/abc`, token, { Name: 'A' });
    const error = errorOf(upsert());
    assert.deepEqual([error.status, error.errorCode], [status, 'UNABLE_TO_LOCK_ROW']);
    assert.equal(upsert().status, status);
    assert.equal(upsert().status, 201);
  });
}

test('describe tells whether campaigns can be created, and with which fields', () => {
  const { org, token } = connected({ requiredCustomFields: ['Region__c'] });
  const describe = () => json(org.rest('GET', '/sobjects/Campaign/describe', token));
  const fields = describe().fields as Record<string, unknown>[];
  const named = (name: string) => fields.find((field) => field.name === name);
  assert.equal(describe().createable, true);
  assert.equal(named('Livestorm_Session_Id__c')?.externalId, true);
  assert.equal(named('Region__c')?.nillable, false);
  assert.equal(named('Name')?.length, 80);
  const types = named('Type')?.picklistValues as { value: string }[];
  assert.ok(types.some((type) => type.value === 'Webinar'));
  const missing = errorOf(org.rest('POST', '/sobjects/Campaign', token, { Name: 'A' }));
  assert.deepEqual(missing.fields, ['Region__c']);
  org.salesforce.switches.campaignCreateable = false;
  assert.equal(describe().createable, false);
  const refused = errorOf(org.rest('POST', '/sobjects/Campaign', token, { Name: 'A', Region__c: 'x' }));
  assert.equal(refused.errorCode, 'INSUFFICIENT_ACCESS_OR_READONLY');
});

test('the external id field can be named otherwise', () => {
  const { org, token } = connected({ externalIdField: 'Webinar__c' });
  assert.equal(org.rest('PATCH', '/sobjects/Campaign/Webinar__c/abc', token, { Name: 'A' }).status, 201);
  assert.equal(org.rest('PATCH', `${EXT}/abc`, token, { Name: 'A' }).status, 404);
});

test('people make, rename and delete campaigns too', () => {
  const { org, token } = connected();
  const id = org.salesforce.world.createCampaign({ name: 'By hand' });
  org.salesforce.world.rename(id, 'Renamed');
  assert.equal(json(org.rest('GET', `/sobjects/Campaign/${id}`, token)).Name, 'Renamed');
  org.salesforce.world.deleteCampaign(id);
  const [campaign] = org.salesforce.world.campaigns();
  assert.deepEqual([campaign?.isDeleted, campaign?.externalId], [true, null]);
});

test('unsupported methods answer 405', () => {
  const { org, token } = connected();
  assert.equal(errorOf(org.rest('PUT', '/sobjects/Campaign', token, {})).errorCode, 'METHOD_NOT_ALLOWED');
});
