import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsTable } from '../../src/reconcile/fields-import.ts';
import { batches, headerBytes, rowsOf } from '../../src/reconcile/plan-imports.ts';
import type { ProspectRules } from '../../src/reconcile/plan-people.ts';
import { prospectTable } from '../../src/reconcile/prospect-import.ts';
import type { Effect } from '../../src/store/effects.ts';
import { fake } from '../support/builders.ts';

const anEffect = (part: Partial<Effect>): Effect => fake<Effect>(part);

const RULES: ProspectRules = {
  fields: new Map([
    ['firstName', { from: 'first_name', overwrite: 'when_empty' }],
    ['company', { from: 'company', overwrite: 'always' }],
    ['jobTitle', { from: 'job_title', overwrite: 'never' }],
    ['Topics__c', { from: 'topics', overwrite: 'always' }],
  ]),
  recycleBin: 'leave_alone',
};

const person = (email: string, fields: Record<string, string | readonly string[]> = {}) => ({
  email,
  emailKey: email.toLowerCase(),
  fields,
});

test('prospects: only what is always overwritten overwrites; never the campaign', () => {
  const table = prospectTable({ pardotCampaignId: 70, listId: 80 }, RULES, () =>
    person('ana@example.org', { first_name: 'Ana', topics: ['a', 'b'] }),
  );
  assert.deepEqual(table.columns, [
    { name: 'matchEmail', overwrite: true },
    { name: 'firstName', overwrite: false },
    { name: 'company', overwrite: true },
    { name: 'jobTitle', overwrite: false },
    { name: 'Topics__c', overwrite: true },
    { name: 'campaignId', overwrite: false },
    { name: 'addToList', overwrite: true },
  ]);
  assert.deepEqual(table.rowOf(anEffect({ emailKey: 'ana@example.org' })), [
    ...['ana@example.org', 'Ana', '', '', 'a;b', '70', '80'],
  ]);
});

test('prospects: unknown people and addresses in mixed case go singly', () => {
  const people = new Map([['ana@example.org', person('Ana@Example.org')]]);
  const table = prospectTable({ pardotCampaignId: 70, listId: 80 }, RULES, (key) => people.get(key));
  for (const emailKey of ['ana@example.org', 'ben@example.org']) {
    assert.equal(table.rowOf(anEffect({ emailKey })), null);
  }
});

test('fields: the columns of all, blank where one has nothing; what is to be emptied goes singly', () => {
  const [one, two, clearing] = [{ B__c: 'x', A__c: '1' }, { C__c: 'y' }, { A__c: null }].map(
    (values, index) => anEffect({ prospectId: 500 + index, payload: { values } }),
  ) as [Effect, Effect, Effect];
  const { columns, rowOf } = fieldsTable([one, two, clearing]);
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['matchId', 'A__c', 'B__c', 'C__c'],
  );
  assert.deepEqual(rowOf(one), ['500', '1', 'x', '']);
  assert.deepEqual(rowOf(two), ['501', '', '', 'y']);
  assert.equal(rowOf(clearing), null);
});

test('batches are cut by rows and by bytes, header included', () => {
  const effects = Array.from({ length: 5 }, (_, index) => anEffect({ id: index + 1 }));
  const table = {
    columns: [{ name: 'matchId', overwrite: true }],
    rowOf: ({ id }: Effect) => ['ä'.repeat(id)],
  };
  const cut = (limits: { rows: number; bytes: number }) =>
    [...batches(rowsOf(effects, table), headerBytes(table), limits)].map((batch) =>
      batch.map(({ id }) => id),
    );
  assert.deepEqual(cut({ rows: 2, bytes: 1000 }), [[1, 2], [3, 4], [5]]);
  // Header 9 bytes; rows of 4, 6, 8, 10 and 12.
  assert.deepEqual(cut({ rows: 10, bytes: 19 }), [[1, 2], [3], [4], [5]]);
  assert.deepEqual(cut({ rows: 10, bytes: 1000 }), [[1, 2, 3, 4, 5]]);
});
