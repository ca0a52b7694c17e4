import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusinessUnit, START_MS, unitWithForm } from './business-unit.ts';

const MINUTE_MS = 60_000;
const MINUTE = { readLagMs: { min: MINUTE_MS, max: MINUTE_MS } };
const ALL = { fields: 'id', type: 4 };

test('a new row is invisible to queries, reads and relations until its lag is over', () => {
  const { unit, formId } = unitWithForm(MINUTE);
  unit.advance(MINUTE_MS);
  unit.world.submitForm(formId, { email: 'a@example.org' });
  const id = unit.world.activities()[0]?.id;
  unit.advance(MINUTE_MS - 1);
  assert.deepEqual(unit.ids('visitor-activities', ALL), []);
  assert.equal(unit.refusal(`visitor-activities/${id}`, { query: { fields: 'id' } }), '404/109');
  unit.advance(1);
  assert.deepEqual(unit.values('visitor-activities', { fields: 'prospect.email' }), [
    { prospect: { email: 'a@example.org' } },
  ]);
  assert.equal(unit.call(`visitor-activities/${id}`, { query: { fields: 'id' } }).status, 200);
});

test('a change shows after its lag, the row as it was until then; the answer to the write knows it at once', () => {
  const { unit, campaignId } = unitWithForm(MINUTE);
  const id = unit.world.createProspect({ email: 'a@example.org', campaignId, firstName: 'Old' });
  unit.advance(MINUTE_MS);
  const written = unit.patch(`prospects/${id}`, { firstName: 'New' }, { fields: 'firstName' });
  assert.deepEqual(written.json, { firstName: 'New' });
  const read = () => unit.call(`prospects/${id}`, { query: { fields: 'firstName' } }).json;
  assert.deepEqual(read(), { firstName: 'Old' });
  unit.advance(MINUTE_MS);
  assert.deepEqual(read(), { firstName: 'New' });
});

test('a query by e-mail right after an upsert may still say none', () => {
  const { unit } = unitWithForm(MINUTE);
  const body = { matchEmail: 'a@example.org', prospect: {}, fields: ['id'] };
  const { json } = unit.post('prospects/do/upsertLatestByEmail', body, {});
  const query = { email: 'a@example.org' };
  assert.deepEqual(unit.ids('prospects', query), []);
  unit.advance(MINUTE_MS);
  assert.deepEqual(unit.ids('prospects', query), [json?.id]);
});

test('by default lags differ from row to row within a minute, so ids do not show in order', () => {
  const { unit, formId } = unitWithForm({ readLagMs: { min: 0, max: MINUTE_MS } });
  for (let i = 0; i < 20; i++) unit.world.submitForm(formId, { email: `p${i}@example.org` });
  const seenAt = new Map<unknown, number>();
  for (let s = 0; s <= 60; s++) {
    for (const id of unit.ids('visitor-activities', ALL)) if (!seenAt.has(id)) seenAt.set(id, s);
    unit.advance(1_000);
  }
  assert.equal(seenAt.size, 20);
  const inOrderOfId = [...seenAt].sort(([a], [b]) => Number(a) - Number(b)).map(([, second]) => second);
  assert.notDeepEqual(
    inOrderOfId,
    inOrderOfId.toSorted((a, b) => a - b),
  );
});

test('late rows: the next submissions show only after the switched delay', () => {
  const { unit, formId } = unitWithForm({ lateRows: { next: 1, chance: 0, delayMs: 10 * MINUTE_MS } });
  const late = unit.world.submitForm(formId, { email: 'a@example.org' });
  const prompt = unit.world.submitForm(formId, { email: 'b@example.org' });
  assert.ok(late.accepted && prompt.accepted);
  assert.ok(Number(late.activityId) < Number(prompt.activityId));
  assert.deepEqual(unit.ids('visitor-activities', ALL), [prompt.activityId]);
  unit.advance(10 * MINUTE_MS);
  assert.deepEqual(unit.ids('visitor-activities', ALL), [late.activityId, prompt.activityId]);
});

test('a late prospectId: null first, tied later, which moves updatedAt', () => {
  const { unit, formId } = unitWithForm({ lateProspectIds: { next: 1, chance: 0, delayMs: 5 * MINUTE_MS } });
  const result = unit.world.submitForm(formId, { email: 'a@example.org' });
  assert.ok(result.accepted);
  const query = { fields: 'prospectId,prospect.email,updatedAt' };
  assert.deepEqual(unit.values('visitor-activities', query), [
    { prospectId: null, prospect: null, updatedAt: '2026-03-02T04:00:00-08:00' },
  ]);
  unit.advance(5 * MINUTE_MS);
  assert.deepEqual(unit.values('visitor-activities', query), [
    {
      prospectId: result.prospectId,
      prospect: { email: 'a@example.org' },
      updatedAt: '2026-03-02T04:05:00-08:00',
    },
  ]);
});

test('a row that is late in both ways never shows early', () => {
  const { unit, formId } = unitWithForm({
    lateRows: { next: 1, chance: 0, delayMs: 10 * MINUTE_MS },
    lateProspectIds: { next: 1, chance: 0, delayMs: MINUTE_MS },
  });
  unit.world.submitForm(formId, { email: 'a@example.org' });
  unit.advance(9 * MINUTE_MS);
  assert.deepEqual(unit.ids('visitor-activities', ALL), []);
});

test('ids are sparse; by chance a later row takes a lower one', () => {
  const unit = new BusinessUnit();
  const ids = (count: number) =>
    Array.from({ length: count }, (_, i) => unit.world.createList({ name: `${i}` }));
  const steps = ids(20).map((id, i, all) => id - (all[i - 1] ?? id));
  assert.deepEqual(new Set(steps.slice(1)), new Set([2, 3]));
  unit.pardot.switches.lowerIdChance = 1;
  const [first, second] = ids(2);
  assert.ok(first !== undefined && second !== undefined);
  const all = unit.world.lists().map((list) => list.id);
  assert.equal(all.at(-2), Number(all.at(-3)) - 1);
  assert.equal(new Set(all).size, all.length);
});

test('equal recorded times by a coarser grain', () => {
  const { unit, formId } = unitWithForm({ timestampGrainMs: MINUTE_MS });
  for (const name of ['a', 'b', 'c']) {
    unit.world.submitForm(formId, { email: `${name}@example.org` });
    unit.advance(7_000);
  }
  assert.deepEqual(new Set(unit.world.activities().map((row) => row.createdAtMs)), new Set([START_MS]));
});

test('the same seed and the same steps give the same world', () => {
  const play = (seed: number) => {
    const unit = new BusinessUnit({ readLagMs: { min: 0, max: MINUTE_MS }, lowerIdChance: 0.3 }, seed);
    const campaignId = unit.world.createCampaign({ name: 'c' });
    const formId = unit.world.createForm({ name: 'f', campaignId });
    for (let i = 0; i < 5; i++) unit.world.submitForm(formId, { email: `p${i}@example.org` });
    unit.advance(20_000);
    return unit.call('visitor-activities', { query: { fields: 'id,prospectId,createdAt' } }).text;
  };
  assert.equal(play(1), play(1));
  assert.notEqual(play(1), play(2));
});
