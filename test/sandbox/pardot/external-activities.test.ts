import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PardotSwitches } from '../../../src/sandbox/pardot/switches.ts';
import { START_MS, unitWithForm } from './business-unit.ts';

const PATH = '/api/v5/external-activities';
const EMAIL = 'a@example.org';
const ACTIVITY = { extension: 'Livestorm', type: 'Registered', email: EMAIL, value: 'session-1' };
const ALL_FIELDS = 'id,extension,type,email,value,activityDate,createdAt,prospectId';

function unitWithProspect(switches: Partial<PardotSwitches> = {}) {
  const { unit, campaignId } = unitWithForm({ userTimeZone: 'UTC', ...switches });
  const prospectId = unit.world.createProspect({ email: EMAIL, campaignId });
  const post = (body: unknown = ACTIVITY) => unit.post(PATH, body, { fields: ALL_FIELDS });
  const refusal = (more: object) =>
    unit.refusal(PATH, { method: 'POST', body: { ...ACTIVITY, ...more }, query: { fields: 'id' } });
  return { unit, campaignId, prospectId, post, refusal };
}

test('an external activity is recorded, dated now, and read back', () => {
  const { unit, prospectId, post } = unitWithProspect();
  const { status, json, headers } = post();
  const expected = {
    ...ACTIVITY,
    id: json?.id,
    activityDate: '2026-03-02T12:00:00+00:00',
    createdAt: '2026-03-02T12:00:00+00:00',
    prospectId,
  };
  assert.deepEqual([status, json], [201, expected]);
  assert.match(headers.location ?? '', new RegExp(`/api/v5/external-activities/${json?.id}$`));
  assert.deepEqual(unit.call(`${PATH}/${json?.id}`, { query: { fields: ALL_FIELDS } }).json, expected);
  assert.deepEqual(unit.world.prospect(prospectId)?.externalActivities, [
    {
      extension: 'Livestorm',
      type: 'Registered',
      value: 'session-1',
      activityDateMs: START_MS,
      createdAtMs: START_MS,
    },
  ]);
});

test('the date may lie in the past and in any zone; without an offset it is refused', () => {
  const { unit, prospectId, post, refusal } = unitWithProspect();
  const dated = post({ ...ACTIVITY, activityDate: '2026-03-01T09:30:00-04:00' });
  assert.equal(dated.json?.activityDate, '2026-03-01T13:30:00+00:00');
  assert.equal(dated.json?.createdAt, '2026-03-02T12:00:00+00:00');
  assert.equal(refusal({ activityDate: '2026-03-01T09:30:00' }), '400/57');
  assert.equal(refusal({ activityDate: 'yesterday' }), '400/57');
  const [recorded] = unit.world.prospect(prospectId)?.externalActivities ?? [];
  assert.equal(recorded?.activityDateMs, Date.parse('2026-03-01T13:30:00Z'));
});

test('the same activity sent twice is there twice', () => {
  const { unit, prospectId, post } = unitWithProspect();
  assert.notEqual(post().json?.id, post().json?.id);
  assert.equal(unit.world.prospect(prospectId)?.externalActivities.length, 2);
});

test('a value is required, a text, and at most 100 characters long', () => {
  const { post, refusal } = unitWithProspect();
  assert.equal(post({ ...ACTIVITY, value: 'ü'.repeat(100) }).status, 201);
  assert.equal(refusal({ value: 'x'.repeat(101) }), '400/154');
  assert.equal(refusal({ value: undefined }), '400/153');
  assert.equal(refusal({ value: '' }), '400/153');
  assert.equal(refusal({ value: 7 }), '400/154');
  assert.equal(refusal({ prospectId: 7 }), '400/154');
});

test('the status is 201, or 200', () => {
  const { unit, post } = unitWithProspect();
  unit.pardot.switches.externalActivityStatus = 200;
  assert.equal(post().status, 200);
});

test('of several prospects with the address, the one with the most recent activity gets it', () => {
  const { unit, campaignId, prospectId, post } = unitWithProspect();
  const active = unit.world.createProspect({ email: EMAIL, campaignId }, { lastActivityAtMs: START_MS });
  const deleted = unit.world.createProspect(
    { email: EMAIL, campaignId },
    { lastActivityAtMs: START_MS + 9e9 },
  );
  unit.world.deleteProspect(deleted);
  assert.equal(post({ ...ACTIVITY, email: 'A@Example.org' }).json?.prospectId, active);
  unit.world.deleteProspect(active);
  assert.equal(post().json?.prospectId, prospectId);
});

test('an address that no live prospect has is refused; by which code is open', () => {
  const { unit, prospectId, refusal } = unitWithProspect();
  assert.equal(refusal({ email: 'b@example.org' }), '400/4');
  assert.equal(refusal({ email: 'nobody' }), '400/4');
  unit.pardot.switches.unknownActivityEmail = 92;
  unit.world.deleteProspect(prospectId);
  assert.equal(refusal({}), '400/92');
  assert.equal(refusal({ email: 'nobody' }), '400/4');
});

test('extension and type must exist', () => {
  const { unit, refusal } = unitWithProspect();
  assert.equal(refusal({ extension: 'Other' }), '400/154');
  assert.equal(refusal({ type: 'Slept' }), '400/154');
  unit.pardot.switches.unknownActivityType = 51;
  assert.equal(refusal({ type: 'Slept' }), '400/51');
});

test('extension and type must be active, and the extension assigned to this business unit', () => {
  const { unit, post, refusal } = unitWithProspect();
  const extension = {
    developerName: 'Livestorm',
    isActive: true,
    assignedBusinessUnitIds: ['0Uv999999999999AAA', unit.pardot.businessUnitId],
    types: [
      { developerName: 'Registered', isActive: true },
      { developerName: 'Attended', isActive: false },
    ],
  };
  unit.marketingExtensions = [extension];
  assert.equal(post().status, 201);
  assert.equal(refusal({ type: 'Attended' }), '400/154');
  unit.marketingExtensions = [{ ...extension, isActive: false }];
  assert.equal(refusal({}), '400/154');
  unit.marketingExtensions = [{ ...extension, assignedBusinessUnitIds: ['0Uv999999999999AAA'] }];
  assert.equal(refusal({}), '400/154');
});

test('abilities', () => {
  const { unit, refusal } = unitWithProspect();
  unit.pardot.switches.deniedAbilities = ['Prospect > External Activity > Create'];
  assert.equal(refusal({}), '405/46');
  unit.pardot.switches.deniedAbilities = ['Prospect > External Activity > View'];
  assert.equal(unit.refusal(PATH, { query: { fields: 'id' } }), '405/46');
});

test('queries know the time of creation; other filters are rejected, or ignored', () => {
  const { unit, post } = unitWithProspect();
  const first = post().json?.id;
  unit.advance(60_000);
  const second = post().json?.id;
  const since = { createdAtAfterOrEqualTo: '2026-03-02T12:01:00+00:00' };
  assert.deepEqual(unit.ids(PATH, since), [second]);
  assert.deepEqual(unit.ids(PATH, { createdAtBefore: '2026-03-02T12:01:00Z' }), [first]);
  assert.equal(unit.refusal(PATH, { query: { fields: 'id', email: EMAIL } }), '400/5');
  unit.pardot.switches.undocumentedFilters = 'ignored';
  assert.deepEqual(unit.ids(PATH, { email: 'b@example.org' }), [first, second]);
});

test('pages of a query are chained by tokens', () => {
  const { unit, post } = unitWithProspect();
  const ids = [post(), post(), post()].map((answer) => answer.json?.id);
  const first = unit.call(PATH, { query: { fields: 'id', limit: 2 } }).json;
  assert.deepEqual(first?.values, [{ id: ids[0] }, { id: ids[1] }]);
  assert.match(String(first?.nextPageUrl), /\/api\/v5\/external-activities\?/);
  const rest = unit.values(PATH, { fields: 'id', nextPageToken: String(first?.nextPageToken) });
  assert.deepEqual(rest, [{ id: ids[2] }]);
});

test('a new one is invisible until its lag is over', () => {
  const { unit, post } = unitWithProspect({ readLagMs: { min: 60_000, max: 60_000 } });
  const { json } = post();
  unit.advance(59_999);
  assert.deepEqual(unit.ids(PATH), []);
  assert.equal(unit.refusal(`${PATH}/${json?.id}`, { query: { fields: 'id' } }), '404/109');
  unit.advance(1);
  assert.deepEqual(unit.ids(PATH), [json?.id]);
});

test('it is not under /objects, and cannot be changed or removed', () => {
  const { unit, post } = unitWithProspect();
  const path = `${PATH}/${post().json?.id}`;
  assert.equal(unit.refusal('external-activities', { query: { fields: 'id' } }), '404/198');
  assert.equal(unit.refusal(path, { method: 'PATCH', body: { value: 'x' } }), '405/60');
  assert.equal(unit.refusal(path, { method: 'DELETE' }), '405/60');
});

test('it leaves the last activity alone, or moves it', () => {
  const { unit, prospectId, post } = unitWithProspect();
  post();
  assert.equal(unit.world.prospect(prospectId)?.lastActivityAtMs, null);
  unit.pardot.switches.externalActivityCounts = true;
  post();
  assert.equal(unit.world.prospect(prospectId)?.lastActivityAtMs, START_MS);
});

test('a merge brings them along', () => {
  const { unit, campaignId, prospectId, post } = unitWithProspect();
  post();
  const kept = unit.world.createProspect({ email: 'b@example.org', campaignId });
  unit.world.mergeProspects(kept, prospectId);
  assert.equal(unit.world.prospect(kept)?.externalActivities.length, 1);
});
