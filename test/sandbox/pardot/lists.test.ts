import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotSwitches } from '../../../src/sandbox/pardot/switches.ts';
import { unitWithForm } from './business-unit.ts';

function unitWithList(switches: Partial<PardotSwitches> = {}) {
  const { unit, campaignId } = unitWithForm(switches);
  const listId = unit.world.createList({ name: 'List', campaignId });
  const prospectId = unit.world.createProspect({ email: 'a@example.org', campaignId });
  const add = () =>
    unit.post('list-memberships', { listId, prospectId }, { fields: 'id,listId,prospectId,optedOut' });
  return { unit, campaignId, listId, prospectId, add };
}

test('a list is created, read, changed and deleted', () => {
  const { unit, campaignId } = unitWithForm();
  const body = { name: 'Webinar', title: 'T', description: 'session 1', isPublic: false, campaignId };
  const created = unit.post('lists', body, {
    fields: 'id,name,title,description,isPublic,campaignId,isDynamic',
  });
  assert.equal(created.status, 201);
  assert.deepEqual(created.json, { id: created.json?.id, ...body, isDynamic: false });
  const path = `lists/${created.json?.id}`;
  assert.deepEqual(unit.patch(path, { title: null }, { fields: 'title,name' }).json, {
    title: null,
    name: 'Webinar',
  });
  assert.equal(unit.call(path, { method: 'DELETE' }).status, 204);
  assert.equal(unit.refusal(path, { query: { fields: 'id' } }), '404/109');
  assert.equal(unit.refusal(path, { method: 'PATCH', body: { title: 'x' } }), '400/219');
  assert.deepEqual(unit.ids('lists', { deleted: 'true' }), [created.json?.id]);
});

test('names that cannot be', () => {
  const { unit } = unitWithForm();
  const refusal = (body: unknown) => unit.refusal('lists', { method: 'POST', body });
  assert.equal(refusal({ title: 'x' }), '400/153');
  assert.equal(refusal({ name: ' ' }), '400/139');
  assert.equal(refusal({ name: 'x'.repeat(256) }), '400/138');
  assert.equal(refusal({ name: 'x', isDynamic: true }), '400/154');
  assert.equal(refusal({ name: 'x', campaignId: 1 }), '400/38');
});

test('a second list of the same name: allowed, or 245', () => {
  const { unit, listId } = unitWithList();
  const second = unit.post('lists', { name: 'List' });
  assert.equal(second.status, 201);
  assert.deepEqual(unit.ids('lists', { name: 'List' }), [listId, second.json?.id]);
  unit.pardot.switches.duplicateListNames = 'rejected';
  assert.equal(unit.refusal('lists', { method: 'POST', body: { name: 'List' } }), '400/245');
  assert.equal(unit.patch(`lists/${listId}`, { name: 'Another' }).status, 204);
});

test('a membership is made once; the second try is 58', () => {
  const { unit, listId, prospectId, add } = unitWithList();
  const made = add();
  assert.deepEqual(
    [made.status, made.json],
    [201, { id: made.json?.id, listId, prospectId, optedOut: false }],
  );
  assert.deepEqual(add().json, {
    code: 58,
    message: 'That prospect is already a member of that list. Update the membership instead.',
  });
  assert.deepEqual(unit.world.prospect(prospectId)?.lists, [{ listId, name: 'List', optedOut: false }]);
  unit.pardot.switches.statuses[58] = 409;
  assert.equal(add().status, 409);
});

test('bad lists, bad prospects, dynamic lists', () => {
  const { unit, listId, prospectId } = unitWithList();
  const refusal = (body: unknown) => unit.refusal('list-memberships', { method: 'POST', body });
  assert.equal(refusal({ listId: 1, prospectId }), '400/55');
  assert.equal(refusal({ listId, prospectId: 1 }), '400/3');
  assert.equal(refusal({ listId }), '400/153');
  const dynamic = unit.world.createList({ name: 'Dynamic', isDynamic: true });
  assert.equal(refusal({ listId: dynamic, prospectId }), '400/55');
  unit.world.deleteProspect(prospectId);
  assert.equal(refusal({ listId, prospectId }), '400/3');
});

test('membership needs the abilities on both sides', () => {
  const { unit, listId, prospectId } = unitWithList();
  const post = { method: 'POST', body: { listId, prospectId } };
  for (const ability of ['Marketing > Segmentation > Create', 'Prospect > Prospects > Create']) {
    unit.pardot.switches.deniedAbilities = [ability];
    assert.equal(unit.refusal('list-memberships', post), '405/46', ability);
  }
});

test('only optedOut of a membership changes', () => {
  const { unit, listId, add } = unitWithList();
  const path = `list-memberships/${add().json?.id}`;
  assert.deepEqual(unit.patch(path, { optedOut: true }, { fields: 'optedOut' }).json, { optedOut: true });
  assert.equal(unit.refusal(path, { method: 'PATCH', body: { listId } }), '400/154');
});

for (const [readdedMembership, status, sameId] of [
  ['undeleted', 201, true],
  ['new', 201, false],
  ['refused_58', 400, undefined],
  ['refused_219', 400, undefined],
] as const)
  test(`adding again after removal: ${readdedMembership}`, () => {
    const { unit, listId, prospectId, add } = unitWithList({ readdedMembership });
    const { json } = add();
    unit.call(`list-memberships/${json?.id}`, { method: 'DELETE' });
    assert.deepEqual(unit.world.prospect(prospectId)?.lists, []);
    const again = add();
    assert.equal(again.status, status);
    if (sameId === undefined) assert.equal(`refused_${again.json?.code}`, readdedMembership);
    else assert.equal(again.json?.id === json?.id, sameId);
    assert.equal(unit.ids('list-memberships', { listId, prospectId }).length, sameId === undefined ? 0 : 1);
  });

test('memberships by list and prospect, with what they lead to', () => {
  const { unit, listId, prospectId, add } = unitWithList();
  add();
  const query = { fields: 'list.name,prospect.email', listId, prospectId, orderBy: 'listId' };
  assert.deepEqual(unit.values('list-memberships', query), [
    { list: { name: 'List' }, prospect: { email: 'a@example.org' } },
  ]);
});
