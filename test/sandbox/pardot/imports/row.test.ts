import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotSwitches } from '../../../../src/sandbox/pardot/switches.ts';
import { START_MS } from '../business-unit.ts';
import { importingUnit } from './import-unit.ts';

const EMAIL = 'a@example.org';

function unitWithProspect(switches: Partial<PardotSwitches> = {}) {
  const importing = importingUnit(switches);
  const { unit, campaignId } = importing;
  const id = unit.world.createProspect({ email: EMAIL, campaignId, firstName: 'Ann', salesforceId: '00Q1' });
  const listId = unit.world.createList({ name: 'List' });
  const fieldsOf = (prospectId: number) => unit.world.prospect(prospectId)?.fields;
  const listsOf = (prospectId: number) =>
    unit.world.prospect(prospectId)?.lists.map((membership) => membership.listId);
  return { ...importing, id, listId, fieldsOf, listsOf };
}

test('matches are updated, others created when asked for', () => {
  const { unit, id, run, fieldsOf } = unitWithProspect();
  const csv = `matchEmail,lastName\nA@Example.org,Lee\nb@example.org,Bee\n`;
  assert.deepEqual(run(csv), {
    counts: [0, 1, 1],
    errors: ['b@example.org,Bee,Prospect not found: b@example.org'],
  });
  assert.deepEqual(fieldsOf(id), { firstName: 'Ann', lastName: 'Lee', salesforceId: '00Q1' });
  assert.deepEqual(run(csv, { createOnNoMatch: true }).counts, [1, 1, 0]);
  assert.deepEqual(unit.world.prospectsByEmail('b@example.org')[0]?.fields, { lastName: 'Bee' });
});

test('what createOnNoMatch is when left out is open', () => {
  const { run } = unitWithProspect({ importCreateOnNoMatch: true });
  assert.deepEqual(run('matchEmail\nb@example.org\n').counts, [1, 0, 0]);
});

test('an empty match creates, whoever has the address', () => {
  const { unit, run } = unitWithProspect();
  assert.deepEqual(run(`matchEmail,email,city\n,${EMAIL},Bern\n,,Bern\n`), {
    counts: [1, 0, 1],
    errors: [',,Bern,Invalid prospect email address'],
  });
  assert.equal(unit.world.prospectsByEmail(EMAIL).length, 2);
});

test('of several with the address, the one with the most recent activity is updated', () => {
  const { unit, campaignId, run, fieldsOf } = unitWithProspect();
  const active = unit.world.createProspect({ email: EMAIL, campaignId }, { lastActivityAtMs: START_MS });
  run(`matchEmail,city\n${EMAIL},Bern\n`);
  assert.equal(fieldsOf(active)?.city, 'Bern');
});

test('ids of Pardot and of Salesforce match too', () => {
  const { id, run, fieldsOf } = unitWithProspect();
  assert.deepEqual(run(`matchId,city\n${id},Bern\n1,Bern\nx,Bern\n`), {
    counts: [0, 1, 2],
    errors: ['1,Bern,Prospect not found: 1', 'x,Bern,Invalid prospect ID'],
  });
  assert.deepEqual(run('matchSalesforceId,city\n00Q1,Rome\n').counts, [0, 1, 0]);
  assert.equal(fieldsOf(id)?.city, 'Rome');
});

test('the recycle bin: an error, or restored', () => {
  const { unit, id, run } = unitWithProspect();
  unit.world.deleteProspect(id);
  const csv = `matchEmail,city\n${EMAIL},Bern\n`;
  assert.deepEqual(run(csv, { createOnNoMatch: true }), {
    counts: [0, 0, 1],
    errors: [`${EMAIL},Bern,The prospect is in the recycle bin`],
  });
  assert.deepEqual(run(csv, { restoreDeleted: true }).counts, [0, 1, 0]);
  assert.equal(unit.world.prospect(id)?.isDeleted, false);
});

test('rows fail one by one', () => {
  const { unit, run, campaignId } = unitWithProspect();
  unit.world.createCustomField({ name: 'Seats', fieldId: 'seats', type: 'Number' });
  unit.world.createCustomField({ name: 'Day', fieldId: 'day', type: 'Date' });
  const rows = [
    `${EMAIL},4,2026-03-01,${campaignId},`,
    'nobody,4,2026-03-01,,',
    'b@example.org,many,,,',
    'c@example.org,,soon,,',
    'd@example.org,,,1,',
    'e@example.org,,,,1',
    'f@example.org',
  ];
  const csv = `matchEmail,seats__c,day__c,campaignId,addToList\n${rows.join('\n')}\n`;
  assert.deepEqual(run(csv, { createOnNoMatch: true }), {
    counts: [0, 1, 6],
    errors: [
      'b@example.org,many,,,,Invalid number: seats__c',
      'c@example.org,,soon,,,Invalid date: day__c',
      'd@example.org,,,1,,Invalid campaign ID',
      'e@example.org,,,,1,Invalid list ID',
      'f@example.org,The CSV file is invalid: the row has another number of columns',
      'nobody,4,2026-03-01,,,Invalid prospect email address',
    ],
  });
});

test('multi-select values are separated by semicolons, multiple responses append', () => {
  const { unit, id, run } = unitWithProspect();
  unit.world.createCustomField({ name: 'Topics', fieldId: 'topics', type: 'Multi-Select' });
  unit.world.createCustomField({
    name: 'Log',
    fieldId: 'log',
    type: 'Text',
    isRecordMultipleResponses: true,
  });
  for (const log of ['one', 'two']) run(`matchEmail,topics__c,log__c\n${EMAIL},a;b,${log}\n`);
  assert.deepEqual(unit.world.prospect(id)?.customFields, { topics__c: ['a', 'b'], log__c: ['one', 'two'] });
});

test('a blank cell clears, unless nullOverwrite is off; never the address', () => {
  const { unit, id, run, fieldsOf } = unitWithProspect();
  const csv = `matchEmail,email,firstName\n${EMAIL},, \n`;
  run(csv, { fields: [{ field: 'firstName', nullOverwrite: false }] });
  assert.equal(fieldsOf(id)?.firstName, 'Ann');
  run(csv);
  assert.equal(fieldsOf(id)?.firstName, undefined);
  assert.equal(unit.world.prospect(id)?.email, EMAIL);
});

test('with overwrite off values stay; whether empty fields are filled is open', () => {
  const { unit, campaignId, id, run, fieldsOf } = unitWithProspect();
  const other = unit.world.createCampaign({ name: 'Other' });
  const csv = `matchEmail,campaignId,firstName,lastName\n${EMAIL},${other},Bea,Lee\nb@example.org,${other},B,B\n`;
  const off = ['campaignId', 'firstName', 'lastName'].map((field) => ({ field, overwrite: false }));
  run(csv, { fields: off, createOnNoMatch: true });
  assert.deepEqual(fieldsOf(id), { firstName: 'Ann', salesforceId: '00Q1' });
  assert.equal(unit.world.prospect(id)?.campaignId, campaignId);
  assert.equal(unit.world.prospectsByEmail('b@example.org')[0]?.campaignId, other);
  unit.pardot.switches.importOverwriteOff = 'fills_empty';
  run(csv, { fields: off });
  assert.deepEqual(fieldsOf(id), { firstName: 'Ann', lastName: 'Lee', salesforceId: '00Q1' });
  assert.equal(unit.world.prospect(id)?.campaignId, campaignId);
});

test('under which property an option names its column is open', () => {
  const { unit, create } = unitWithProspect();
  const status = (key: string) =>
    unit.post('/api/v5/imports', { operation: 'Upsert', object: 'Prospect', fields: [{ [key]: 'city' }] })
      .status;
  assert.deepEqual([status('field'), status('name')], [201, 201]);
  unit.pardot.switches.importFieldKey = 'name';
  assert.deepEqual([status('field'), status('name')], [400, 201]);
  unit.pardot.switches.importFieldKey = 'field';
  assert.deepEqual([status('field'), status('name')], [201, 400]);
  assert.ok(create() > 0);
});

test('lists alone: members are added and removed, prospects not written', () => {
  const { unit, id, listId, run, listsOf } = unitWithProspect();
  const second = unit.world.createList({ name: 'Second' });
  const csv = `matchEmail,addToList,removeFromList\n${EMAIL},${listId};${second},\n`;
  assert.deepEqual(run(csv).counts, [0, 1, 0]);
  assert.deepEqual(run(csv), { counts: [0, 1, 0], errors: [] });
  assert.deepEqual(listsOf(id), [listId, second]);
  run(`matchEmail,addToList,removeFromList\n${EMAIL},,${listId}\n`);
  assert.deepEqual(listsOf(id), [second]);
  assert.deepEqual(unit.world.prospect(id)?.apiWrites, []);
  assert.equal(unit.world.prospect(id)?.updatedAtMs, START_MS);
});

test('a new prospect joins its list in the same row', () => {
  const { unit, listId, run, listsOf } = unitWithProspect();
  run(`matchEmail,addToList\nb@example.org,${listId}\n`, { createOnNoMatch: true });
  assert.deepEqual(listsOf(unit.world.prospectsByEmail('b@example.org')[0]?.id ?? 0), [listId]);
});

test('bad lists fail the row before anything is written', () => {
  const { unit, id, listId, run } = unitWithProspect();
  const dynamic = unit.world.createList({ name: 'Dynamic', isDynamic: true });
  const tooMany = Array.from({ length: 21 }, () => listId).join(';');
  const csv = `matchEmail,city,addToList\n${EMAIL},Bern,${dynamic}\n${EMAIL},Bern,x\n${EMAIL},Bern,${tooMany}\n`;
  assert.deepEqual(run(csv).counts, [0, 0, 3]);
  assert.equal(unit.world.prospect(id)?.fields.city, undefined);
});

test('adding a removed member again follows the switch', () => {
  const { unit, id, listId, run, listsOf } = unitWithProspect({ readdedMembership: 'refused_219' });
  const add = `matchEmail,addToList\n${EMAIL},${listId}\n`;
  run(add);
  run(`matchEmail,removeFromList\n${EMAIL},${listId}\n`);
  assert.deepEqual(run(add).counts, [0, 0, 1]);
  unit.pardot.switches.readdedMembership = 'undeleted';
  assert.deepEqual(run(add).counts, [0, 1, 0]);
  assert.deepEqual(listsOf(id), [listId]);
});

test('without AMPSEA an address stays with one prospect', () => {
  const { run } = unitWithProspect({ ampsea: false });
  assert.deepEqual(run(`matchEmail,email\n,${EMAIL}\n`).errors, [
    `,${EMAIL},A prospect with the specified email address already exists`,
  ]);
});

test('thousands of rows in several batches are one import', () => {
  const { unit, create, upload, submit, read, listId } = unitWithProspect();
  const id = create({ createOnNoMatch: true });
  for (let batch = 0; batch < 5; batch++) {
    const rows = Array.from({ length: 1_000 }, (_, i) => `p${batch}-${i}@example.org,P,${listId}`);
    upload(id, [['file', `matchEmail,firstName,addToList\r\n${rows.join('\r\n')}\r\n`]]);
  }
  submit(id);
  unit.advance(300_000);
  assert.deepEqual(read(id), { status: 'Complete', createdCount: 5_000, updatedCount: 0, errorCount: 0 });
  assert.equal(unit.world.prospects().filter((prospect) => prospect.lists.length === 1).length, 5_000);
});
