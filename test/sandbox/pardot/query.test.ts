import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusinessUnit, START_MS, unitWithForm } from './business-unit.ts';

function unitWithLists(names: readonly string[]) {
  const unit = new BusinessUnit();
  const ids = names.map((name) => {
    unit.advance(60_000);
    return unit.world.createList({ name });
  });
  return { unit, ids };
}

test('fields: required, known, related, at most three hops', () => {
  const { unit, campaignId, formId } = unitWithForm();
  unit.world.submitForm(formId, { email: 'a@example.org', firstName: 'A' });
  const [row] = unit.values('visitor-activities', {
    fields:
      'id,type,prospect.email,prospect.campaign.name,form.campaignId,formHandler.name,campaign.createdBy.email',
  });
  assert.deepEqual(row, {
    id: row?.id,
    type: 4,
    prospect: { email: 'a@example.org', campaign: { name: 'Old campaign' } },
    form: { campaignId },
    formHandler: null,
    campaign: { createdBy: { email: 'api@example.org' } },
  });
  assert.equal(unit.refusal('lists', { query: { fields: ' , ' } }), '400/13');
  assert.equal(unit.refusal('lists', { query: { fields: 'id,nme' } }), '400/180');
  assert.equal(unit.refusal('lists', { query: { fields: 'campaign.nme' } }), '400/180');
  assert.equal(unit.refusal('lists', { query: { fields: 'constructor' } }), '400/180');
  const far = 'prospect.campaign.parentCampaign.createdBy.email';
  assert.equal(unit.refusal('visitor-activities', { query: { fields: far } }), '400/180');
});

test('fields that only single reads return', () => {
  const { unit, campaignId } = unitWithForm();
  unit.world.createCustomField({ name: 'Topics', fieldId: 'topics', type: 'Multi-Select' });
  unit.world.createCustomField({ name: 'Box', fieldId: 'box', type: 'Checkbox' });
  const history = {
    name: 'History',
    fieldId: 'history',
    type: 'Text',
    isRecordMultipleResponses: true,
  } as const;
  unit.world.createCustomField(history);
  unit.world.createCustomField({ name: 'Hobby', fieldId: 'hobby', type: 'Text' });
  const id = unit.world.createProspect({
    email: 'a@example.org',
    campaignId,
    topics__c: 'x;y',
    history__c: 'h',
    hobby__c: 'z',
  });
  for (const name of ['topics__c', 'box__c', 'history__c'])
    assert.equal(unit.refusal('prospects', { query: { fields: name } }), '400/224');
  assert.equal(unit.refusal('prospects', { query: { fields: 'unset__c' } }), '400/180');
  assert.deepEqual(unit.values('prospects', { fields: 'hobby__c' }), [{ hobby__c: 'z' }]);
  const { json } = unit.call(`prospects/${id}`, { query: { fields: 'topics__c,box__c,history__c' } });
  assert.deepEqual(json, { topics__c: ['x', 'y'], box__c: null, history__c: ['h'] });
});

test('limit, offset and order outside their bounds', () => {
  const { unit } = unitWithLists(['a']);
  const refusal = (query: Record<string, string>) =>
    unit.refusal('lists', { query: { fields: 'id', ...query } });
  assert.equal(refusal({ limit: '0' }), '400/23');
  assert.equal(refusal({ limit: '1001' }), '400/23');
  assert.equal(refusal({ offset: '2001' }), '400/21');
  assert.equal(refusal({ orderBy: 'name' }), '400/19');
  assert.equal(refusal({ orderBy: 'id UP' }), '400/20');
  assert.equal(refusal({ deleted: 'maybe' }), '400/50');
  assert.equal(unit.call('lists', { query: { fields: 'id', limit: '1000' } }).status, 200);
});

test('200 rows when no limit is given', () => {
  const { unit } = unitWithLists(Array.from({ length: 201 }, (_, i) => `list ${i}`));
  assert.equal(unit.ids('lists').length, 200);
  assert.equal(unit.ids('lists', { limit: 1000 }).length, 201);
});

test('filters on ids with each suffix, all of them together', () => {
  const { unit, ids } = unitWithLists(['a', 'b', 'c', 'd']);
  const [a, b, c, d] = ids as [number, number, number, number];
  assert.deepEqual(unit.ids('lists', { id: b }), [b]);
  assert.deepEqual(unit.ids('lists', { idGreaterThan: b }), [c, d]);
  assert.deepEqual(unit.ids('lists', { idGreaterThanOrEqualTo: b }), [b, c, d]);
  assert.deepEqual(unit.ids('lists', { idLessThan: b }), [a]);
  assert.deepEqual(unit.ids('lists', { idLessThanOrEqualTo: b }), [a, b]);
  assert.deepEqual(unit.ids('lists', { idGreaterThan: a, idLessThan: d, name: 'c' }), [c]);
  assert.equal(unit.refusal('lists', { query: { fields: 'id', idGreaterThan: 'x' } }), '400/16');
});

test('filters on times with each suffix', () => {
  const { unit, ids } = unitWithLists(['a', 'b', 'c']);
  const [a, b, c] = ids as [number, number, number];
  const at = new Date(START_MS + 120_000).toISOString().replace('.000Z', '+00:00');
  assert.deepEqual(unit.ids('lists', { createdAt: at }), [b]);
  assert.deepEqual(unit.ids('lists', { createdAtAfter: at }), [c]);
  assert.deepEqual(unit.ids('lists', { createdAtAfterOrEqualTo: at }), [b, c]);
  assert.deepEqual(unit.ids('lists', { createdAtBefore: at }), [a]);
  assert.deepEqual(unit.ids('lists', { createdAtBeforeOrEqualTo: at }), [a, b]);
  assert.equal(unit.refusal('lists', { query: { fields: 'id', createdAtAfter: 'yesterday' } }), '400/7');
});

test('at most three distinct fields may filter', () => {
  const { unit } = unitWithForm();
  const three = { fields: 'id', type: 4, idGreaterThan: 1, idLessThan: 9e8, prospectId: 5 };
  assert.equal(unit.call('visitor-activities', { query: three }).status, 200);
  assert.equal(unit.refusal('visitor-activities', { query: { ...three, visitorId: 1 } }), '400/209');
});

test('idList where it is offered', () => {
  const { unit, campaignId } = unitWithForm();
  const create = (email: string) => unit.world.createProspect({ email, campaignId });
  const [a, , c] = [create('a@example.org'), create('b@example.org'), create('c@example.org')];
  assert.deepEqual(unit.ids('prospects', { idList: `${a},${c}` }), [a, c]);
  assert.equal(unit.refusal('prospects', { query: { fields: 'id', idList: 'a,b' } }), '400/16');
  assert.equal(unit.refusal('lists', { query: { fields: 'id', idList: '1' } }), '400/5');
});

test('undocumented filters are rejected, or ignored by switch', () => {
  const { unit, formId } = unitWithForm();
  unit.world.submitForm(formId, { email: 'a@example.org' });
  const query = { fields: 'id', formId: formId + 1 };
  assert.equal(unit.refusal('visitor-activities', { query }), '400/5');
  assert.equal(unit.refusal('campaigns', { query: { fields: 'id', salesforceId: '701' } }), '400/5');
  assert.equal(unit.refusal('form-handlers', { query: { fields: 'id', deleted: 'all' } }), '400/5');
  unit.pardot.switches.undocumentedFilters = 'ignored';
  assert.equal(unit.values('visitor-activities', query).length, 1);
});

test('order ascending and descending, nothing first, ties by id', () => {
  const { unit, campaignId } = unitWithForm();
  const create = (lastActivityAtMs?: number) =>
    unit.world.createProspect(
      { email: 'a@example.org', campaignId },
      lastActivityAtMs === undefined ? {} : { lastActivityAtMs },
    );
  const [late, never, early, alsoLate] = [
    create(START_MS),
    create(),
    create(START_MS - 5_000),
    create(START_MS),
  ];
  assert.deepEqual(unit.ids('prospects', { orderBy: 'lastActivityAt' }), [never, early, late, alsoLate]);
  assert.deepEqual(unit.ids('prospects', { orderBy: 'lastActivityAt DESC, id DESC' }), [
    alsoLate,
    late,
    early,
    never,
  ]);
});

test('forms advertise no order; by switch they accept it', () => {
  const { unit, formId } = unitWithForm();
  const query = { fields: 'id', orderBy: 'id' };
  assert.equal(unit.refusal('forms', { query }), '400/19');
  unit.pardot.switches.unadvertisedOrder = 'accepted';
  assert.deepEqual(unit.ids('forms', query), [formId]);
});

test('form handlers have no updatedAt', () => {
  const { unit, campaignId } = unitWithForm();
  unit.world.createFormHandler({ name: 'Handler', campaignId });
  assert.equal(unit.refusal('form-handlers', { query: { fields: 'id,updatedAt' } }), '400/180');
  assert.deepEqual(unit.values('form-handlers', { fields: 'name,campaignId' }), [
    { name: 'Handler', campaignId },
  ]);
});

test('details on a broad scan end at the gateway', () => {
  const { unit, formId } = unitWithForm({ detailsRowLimit: 2 });
  for (const name of ['a', 'b', 'c']) unit.world.submitForm(formId, { email: `${name}@example.org` });
  const scan = unit.call('visitor-activities', { query: { fields: 'id,details' } });
  assert.equal(scan.status, 504);
  assert.match(scan.text, /<html>/);
  assert.equal(unit.values('visitor-activities', { fields: 'details', limit: 2 })[0]?.details, 'Sign up');
});

test('the recycle bin hides rows unless deleted asks for them', () => {
  const { unit, campaignId } = unitWithForm();
  const kept = unit.world.createProspect({ email: 'a@example.org', campaignId });
  const gone = unit.world.createProspect({ email: 'b@example.org', campaignId });
  unit.world.deleteProspect(gone);
  assert.deepEqual(unit.ids('prospects'), [kept]);
  assert.deepEqual(unit.ids('prospects', { deleted: 'false' }), [kept]);
  assert.deepEqual(unit.ids('prospects', { deleted: 'true' }), [gone]);
  assert.deepEqual(unit.ids('prospects', { deleted: 'all' }), [kept, gone]);
  const read = unit.call(`prospects/${gone}`, { query: { fields: 'id' } });
  assert.equal(read.status, 404);
  assert.equal(read.json?.code, 109);
  assert.equal(read.headers['pardot-warning'], '201;Record In Recycle Bin');
});

test('single reads tell when the row last changed', () => {
  const { unit, campaignId } = unitWithForm();
  const query = { fields: 'name' };
  const first = unit.call(`campaigns/${campaignId}`, { query });
  assert.deepEqual(first.json, { name: 'Old campaign' });
  const since = { 'if-modified-since': first.headers['last-modified'] ?? '' };
  const again = unit.call(`campaigns/${campaignId}`, { query, headers: since });
  assert.deepEqual([again.status, again.text], [304, '']);
  const earlier = { 'if-modified-since': new Date(START_MS - 10 * 86_400_000).toUTCString() };
  assert.equal(unit.call(`campaigns/${campaignId}`, { query, headers: earlier }).status, 200);
  assert.equal(unit.refusal('campaigns/1', { query }), '404/109');
});

test('booleans can come as strings', () => {
  const { unit, formId } = unitWithForm({ booleansAsStrings: true });
  const [form] = unit.values('forms', { fields: 'id,isDeleted,isCookieless,campaign.isDeleted' });
  assert.deepEqual(form, {
    id: formId,
    isDeleted: 'false',
    isCookieless: 'false',
    campaign: { isDeleted: 'false' },
  });
});

test('custom fields show their API name and the spelling of their type', () => {
  const unit = new BusinessUnit();
  unit.world.createCustomField({ name: 'Kind', fieldId: 'kind', type: 'Radio Button', values: ['a', 'b'] });
  const query = { fields: 'fieldId,apiFieldId,type,isUseValues,isRecordMultipleResponses' };
  const field = {
    fieldId: 'kind',
    apiFieldId: 'kind__c',
    isUseValues: true,
    isRecordMultipleResponses: false,
  };
  assert.deepEqual(unit.values('custom-fields', query), [{ ...field, type: 'radio button' }]);
  unit.pardot.switches.customFieldTypeCase = 'documented';
  assert.deepEqual(unit.values('custom-fields', query), [{ ...field, type: 'Radio Button' }]);
});
