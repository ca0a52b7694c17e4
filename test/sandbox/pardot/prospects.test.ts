import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotSwitches } from '../../../src/sandbox/pardot/switches.ts';
import { START_MS, unitWithForm } from './business-unit.ts';

const UPSERT = 'prospects/do/upsertLatestByEmail';
const EMAIL = 'a@example.org';

function unitWithProspect(switches: Partial<PardotSwitches> = {}) {
  const { unit, campaignId, formId } = unitWithForm(switches);
  unit.advance(1_000);
  const id = unit.world.createProspect({ email: EMAIL, campaignId, firstName: 'Ann' });
  unit.advance(1_000);
  return { unit, campaignId, formId, id };
}

test('PATCH leaves out what is left out, and answers with the asked fields or nothing', () => {
  const { unit, id } = unitWithProspect();
  const asked = unit.patch(`prospects/${id}`, { lastName: 'Lee' }, { fields: 'firstName,lastName' });
  assert.deepEqual([asked.status, asked.json], [200, { firstName: 'Ann', lastName: 'Lee' }]);
  const silent = unit.patch(`prospects/${id}`, { lastName: null });
  assert.deepEqual([silent.status, silent.text], [204, '']);
  assert.deepEqual(unit.world.prospect(id)?.fields, { firstName: 'Ann' });
});

test('a PATCH moves updatedAt, not the last activity, and is counted', () => {
  const { unit, id } = unitWithProspect();
  unit.patch(`prospects/${id}`, { city: 'Bern' });
  unit.patch(`prospects/${id}`, { city: 'Bern' });
  const prospect = unit.world.prospect(id);
  assert.equal(prospect?.updatedAtMs, START_MS + 2_000);
  assert.equal(prospect?.lastActivityAtMs, null);
  const write = { atMs: START_MS + 2_000, operation: 'update', values: { city: 'Bern' } };
  assert.deepEqual(prospect?.apiWrites, [write, write]);
});

test('PATCH of missing and of deleted prospects', () => {
  const { unit, id } = unitWithProspect();
  const patch = { method: 'PATCH', body: { city: 'Bern' } };
  assert.equal(unit.refusal(`prospects/${id + 1}`, patch), '404/109');
  unit.world.deleteProspect(id);
  assert.equal(unit.refusal(`prospects/${id}`, patch), '400/219');
  assert.deepEqual(unit.world.prospect(id)?.apiWrites, []);
});

test('properties that cannot be written', () => {
  const { unit, id } = unitWithProspect();
  const refusal = (body: unknown) => unit.refusal(`prospects/${id}`, { method: 'PATCH', body });
  assert.equal(refusal({ shoeSize: 4 }), '400/154');
  assert.equal(refusal({ lastActivityAt: '2026-01-01' }), '400/154');
  assert.equal(refusal({ optedOut: true }), '400/154');
  assert.equal(refusal({ campaignId: 1 }), '400/38');
  assert.equal(refusal({ isStarred: 'perhaps' }), '400/50');
  assert.equal(refusal({ email: 'nobody' }), '400/4');
  assert.equal(refusal({ email: `${'x'.repeat(250)}@example.org` }), '400/4');
  unit.pardot.switches.optedOutWritable = true;
  assert.equal(unit.patch(`prospects/${id}`, { optedOut: true }).status, 204);
  assert.equal(unit.world.prospect(id)?.optedOut, true);
});

test('bodies that are none', () => {
  const { unit, id } = unitWithProspect();
  const path = `prospects/${id}`;
  assert.equal(unit.refusal(path, { method: 'PATCH' }), '400/152');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal(unit.refusal(path, { method: 'PATCH', body: { city: 'x' }, headers: form }), '400/151');
  assert.equal(unit.refusal(path, { method: 'PATCH', body: [1] }), '400/150');
});

test('an unknown field in the answer is refused before anything is written', () => {
  const { unit, id } = unitWithProspect();
  assert.equal(unit.patch(`prospects/${id}`, { city: 'Bern' }, { fields: 'nonsense' }).json?.code, 180);
  assert.deepEqual(unit.world.prospect(id)?.apiWrites, []);
});

test('custom fields: Number and Date are validated, text is kept as text', () => {
  const { unit, id } = unitWithProspect();
  unit.world.createCustomField({ name: 'Seats', fieldId: 'seats', type: 'Number' });
  unit.world.createCustomField({ name: 'Day', fieldId: 'day', type: 'Date' });
  unit.world.createCustomField({ name: 'Note', fieldId: 'note', type: 'Text' });
  const refusal = (body: unknown) => unit.refusal(`prospects/${id}`, { method: 'PATCH', body });
  assert.equal(refusal({ seats__c: 'many' }), '400/56');
  assert.equal(refusal({ day__c: '2026-02-31' }), '400/57');
  assert.equal(refusal({ day__c: 'soon' }), '400/57');
  assert.equal(refusal({ note__c: { a: 1 } }), '400/154');
  unit.patch(`prospects/${id}`, { seats__c: 4, day__c: '2026-02-28', note__c: 'x' });
  assert.deepEqual(unit.world.prospect(id)?.customFields, {
    seats__c: '4',
    day__c: '2026-02-28',
    note__c: 'x',
  });
  unit.patch(`prospects/${id}`, { seats__c: null, day__c: '', note__c: 'y' });
  assert.deepEqual(unit.world.prospect(id)?.customFields, { note__c: 'y' });
});

test('a field that records multiple responses appends and cannot be cleared', () => {
  const { unit, id } = unitWithProspect();
  unit.world.createCustomField({ name: 'H', fieldId: 'h', type: 'Text', isRecordMultipleResponses: true });
  for (const value of ['one', 'two', null, 'one']) unit.patch(`prospects/${id}`, { h__c: value });
  assert.deepEqual(unit.world.prospect(id)?.customFields, { h__c: ['one', 'two', 'one'] });
});

for (const [offListValues, status, stored] of [
  ['stored', 204, 'c'],
  ['ignored', 204, 'a'],
  ['rejected', 400, 'a'],
] as const)
  test(`a value outside the predefined ones is ${offListValues}`, () => {
    const { unit, id } = unitWithProspect({ offListValues });
    unit.world.createCustomField({ name: 'Kind', fieldId: 'kind', type: 'Dropdown', values: ['a', 'b'] });
    assert.equal(unit.patch(`prospects/${id}`, { kind__c: 'a' }).status, 204);
    assert.equal(unit.patch(`prospects/${id}`, { kind__c: 'c' }).status, status);
    assert.deepEqual(unit.world.prospect(id)?.customFields, { kind__c: stored });
  });

test('create makes another prospect each time; the source campaign defaults to the oldest', () => {
  const { unit, campaignId, id } = unitWithProspect();
  unit.world.createCampaign({ name: 'Oldest by date', createdAtMs: START_MS - 9e9 });
  const created = unit.post('prospects', { email: EMAIL }, { fields: 'id,campaignId,isReviewed' });
  assert.equal(created.status, 201);
  const [oldest] = [...unit.world.campaigns()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  assert.notEqual(oldest?.id, campaignId);
  assert.deepEqual(created.json, { id: created.json?.id, campaignId: oldest?.id, isReviewed: null });
  assert.notEqual(created.json?.id, id);
  assert.match(created.headers.location ?? '', new RegExp(`/api/v5/objects/prospects/${created.json?.id}$`));
  assert.equal(unit.refusal('prospects', { method: 'POST', body: { firstName: 'A' } }), '400/153');
});

test('without AMPSEA an address belongs to one prospect', () => {
  const { unit, campaignId, id } = unitWithProspect({ ampsea: false });
  assert.equal(unit.refusal('prospects', { method: 'POST', body: { email: EMAIL } }), '400/9');
  const other = unit.world.createProspect({ email: 'b@example.org', campaignId });
  assert.equal(unit.refusal(`prospects/${other}`, { method: 'PATCH', body: { email: EMAIL } }), '400/54');
  assert.equal(unit.patch(`prospects/${id}`, { email: EMAIL }).status, 204);
});

test('creates can be refused, or be unreadable for their creator', () => {
  const { unit } = unitWithProspect({ prospectCreate: 'refused' });
  assert.equal(unit.refusal('prospects', { method: 'POST', body: { email: 'b@example.org' } }), '405/60');
  unit.pardot.switches.prospectCreate = 'allowed';
  unit.pardot.switches.createdUnreadable = true;
  const created = unit.post('prospects', { email: 'b@example.org' });
  assert.deepEqual([created.status, created.text], [204, '']);
  assert.equal(unit.world.prospectsByEmail('b@example.org').length, 1);
});

test('DELETE moves into the recycle bin, once', () => {
  const { unit, id } = unitWithProspect();
  assert.equal(unit.call(`prospects/${id}`, { method: 'DELETE' }).status, 204);
  assert.equal(unit.world.prospect(id)?.isDeleted, true);
  assert.equal(unit.refusal(`prospects/${id}`, { method: 'DELETE' }), '404/109');
});

test('upsert picks the latest by activity, or by update', () => {
  const { unit, campaignId, id } = unitWithProspect();
  const active = unit.world.createProspect({ email: EMAIL, campaignId }, { lastActivityAtMs: START_MS });
  unit.advance(1_000);
  unit.world.editProspect(id, { city: 'Bern' });
  const upsert = () =>
    unit.post(UPSERT, { matchEmail: 'A@Example.org', prospect: { zip: '1' }, fields: ['id'] }, {});
  unit.pardot.switches.upsertMatch = 'latest_update';
  assert.equal(upsert().json?.id, id);
  unit.pardot.switches.upsertMatch = 'latest_activity';
  assert.deepEqual([upsert().status, upsert().json?.id], [200, active]);
  assert.equal(unit.world.prospect(active)?.apiWrites[0]?.operation, 'upsert');
});

test('upsert creates when none matches, with 201 or 200; fields in body or query', () => {
  const { unit } = unitWithProspect();
  const upsert = (matchEmail: string, query: Record<string, string>) =>
    unit.post(UPSERT, { matchEmail, prospect: { firstName: 'B' } }, query);
  const created = upsert('b@example.org', { fields: 'email,firstName' });
  assert.deepEqual([created.status, created.json], [201, { email: 'b@example.org', firstName: 'B' }]);
  assert.equal(upsert('b@example.org', {}).status, 204);
  unit.pardot.switches.upsertStatus = 'always_200';
  assert.equal(upsert('c@example.org', { fields: 'id' }).status, 200);
});

test('upsert and the recycle bin', () => {
  const { unit, id } = unitWithProspect();
  unit.world.deleteProspect(id);
  const upsert = (secondaryDeletedSearch?: boolean) =>
    unit.post(UPSERT, { matchEmail: EMAIL, prospect: {}, fields: ['id'], secondaryDeletedSearch }, {});
  const another = upsert(false);
  assert.notEqual(another.json?.id, id);
  unit.world.purgeProspect(Number(another.json?.id));
  assert.equal(upsert().json?.id, id);
  assert.equal(unit.world.prospect(id)?.isDeleted, false);
  unit.pardot.switches.ampsea = false;
  unit.world.deleteProspect(id);
  assert.equal(upsert(false).json?.id, id);
});

test('upsert can change the address and the source campaign', () => {
  const { unit, id } = unitWithProspect();
  const campaignId = unit.world.createCampaign({ name: 'Other' });
  unit.post(UPSERT, { matchEmail: EMAIL, prospect: { email: 'new@example.org', campaignId } }, {});
  const prospect = unit.world.prospect(id);
  assert.deepEqual([prospect?.email, prospect?.campaignId], ['new@example.org', campaignId]);
});

test('arguments of upsert', () => {
  const { unit } = unitWithProspect();
  const refusal = (body: unknown) => unit.refusal(UPSERT, { method: 'POST', body });
  assert.equal(refusal({ prospect: {} }), '400/207');
  assert.equal(refusal({ matchEmail: EMAIL }), '400/207');
  assert.equal(refusal({ matchEmail: 7, prospect: {} }), '400/206');
  assert.equal(refusal({ matchEmail: EMAIL, prospect: 'x' }), '400/206');
  assert.equal(refusal({ matchEmail: EMAIL, prospect: {}, fields: 'id' }), '400/206');
  assert.equal(refusal({ matchEmail: EMAIL, prospect: {}, secondaryMatch: 1 }), '400/208');
  assert.equal(refusal({ matchEmail: 'nobody', prospect: {} }), '400/4');
  assert.equal(refusal({ matchEmail: EMAIL, prospect: { nonsense: 1 } }), '400/154');
});

test('prospects the API user may not see come redacted, with a warning', () => {
  const { unit, id, formId } = unitWithProspect({ redactProspects: true });
  unit.world.submitForm(formId, { email: EMAIL });
  const answer = unit.call('prospects', { query: { fields: 'id,email' } });
  assert.deepEqual(answer.json?.values, [{ id, email: null }]);
  assert.match(answer.headers['pardot-warning'] ?? '', /^202;/);
  const activity = unit.call('visitor-activities', { query: { fields: 'prospect.id,prospect.email' } });
  assert.deepEqual(activity.json?.values, [{ prospect: { id, email: null } }]);
  assert.match(activity.headers['pardot-warning'] ?? '', /^202;/);
});

test('the filter on e-mail returns all of them', () => {
  const { unit, campaignId, id } = unitWithProspect();
  const second = unit.world.createProspect({ email: 'A@EXAMPLE.ORG', campaignId });
  assert.deepEqual(unit.ids('prospects', { email: EMAIL }), [id, second]);
  unit.pardot.switches.emailCase = 'sensitive';
  assert.deepEqual(unit.ids('prospects', { email: EMAIL }), [id]);
});
