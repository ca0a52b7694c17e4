import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitWithForm } from './business-unit.ts';

const FIELD = { name: 'Webinar attended', fieldId: 'Webinar_Attended', type: 'Text' };

test('a custom field is created, listed, and takes values at once', () => {
  const { unit, campaignId } = unitWithForm();
  const created = unit.post('custom-fields', FIELD, {
    fields: 'id,apiFieldId,type,isRecordMultipleResponses',
  });
  assert.equal(created.status, 201);
  assert.deepEqual(created.json, {
    id: created.json?.id,
    apiFieldId: 'Webinar_Attended__c',
    type: 'text',
    isRecordMultipleResponses: false,
  });
  assert.deepEqual(unit.ids('custom-fields'), [created.json?.id]);
  const id = unit.world.createProspect({ email: 'a@example.org', campaignId });
  assert.equal(unit.patch(`prospects/${id}`, { Webinar_Attended__c: 'yes' }).status, 204);
});

test('a field that records multiple responses appends', () => {
  const { unit, campaignId } = unitWithForm();
  unit.post('custom-fields', { ...FIELD, isRecordMultipleResponses: true });
  const id = unit.world.createProspect({ email: 'a@example.org', campaignId });
  for (const value of ['one', 'two']) unit.patch(`prospects/${id}`, { Webinar_Attended__c: value });
  assert.deepEqual(unit.world.prospect(id)?.customFields, { Webinar_Attended__c: ['one', 'two'] });
});

test('types are taken in any case, flags as they are', () => {
  const { unit } = unitWithForm({ customFieldTypeCase: 'documented' });
  const body = { ...FIELD, type: 'multi-select', isRequired: true, isAnalyticsSynced: 'true' };
  const { json } = unit.post('custom-fields', body, { fields: 'type,isRequired,isAnalyticsSynced' });
  assert.deepEqual(json, { type: 'Multi-Select', isRequired: true, isAnalyticsSynced: true });
});

test('fields that cannot be', () => {
  const { unit } = unitWithForm();
  const refusal = (more: object) =>
    unit.refusal('custom-fields', { method: 'POST', body: { ...FIELD, ...more } });
  assert.equal(refusal({ type: undefined }), '400/153');
  assert.equal(refusal({ type: 'Colour' }), '400/154');
  assert.equal(refusal({ fieldId: 7 }), '400/154');
  assert.equal(refusal({ fieldId: 'has blanks' }), '400/139');
  assert.equal(refusal({ fieldId: 'hobby__c' }), '400/139');
  assert.equal(refusal({ name: ' ' }), '400/139');
  assert.equal(refusal({ isRequired: 'perhaps' }), '400/50');
  assert.equal(refusal({ apiFieldId: 'x__c' }), '400/154');
  unit.post('custom-fields', FIELD);
  assert.equal(refusal({ fieldId: 'webinar_attended' }), '400/245');
});

test('an API user may lack the ability, or only that to create', () => {
  const { unit } = unitWithForm({ customFieldCreate: 'refused' });
  const create = { method: 'POST', body: FIELD };
  assert.equal(unit.refusal('custom-fields', create), '405/46');
  assert.deepEqual(unit.ids('custom-fields'), []);
  unit.pardot.switches.customFieldCreate = 'allowed';
  unit.pardot.switches.deniedAbilities = ['Prospect > Prospects > Configure Fields'];
  assert.equal(unit.refusal('custom-fields', create), '405/46');
});
