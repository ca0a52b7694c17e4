import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusinessUnit } from './business-unit.ts';

const QUERY = { fields: 'id' };

test('the checks come in the documented order, each hiding the later ones', () => {
  const unit = new BusinessUnit({ othersInFlight: 5, dailyLimit: 0 });
  const bare = { authorization: '', 'pardot-business-unit-id': '' };
  assert.equal(unit.refusal('lists', { headers: bare }), '401/49');
  assert.equal(unit.refusal('lists', { headers: { ...bare, authorization: 'Bearer stale' } }), '401/184');
  assert.equal(unit.refusal('lists', { headers: { 'pardot-business-unit-id': '' } }), '400/181');
  assert.equal(unit.refusal('lists', { headers: { 'pardot-business-unit-id': '0Uv' } }), '400/182');
  const other = { 'pardot-business-unit-id': '0Uv000000000001AAA' };
  assert.equal(unit.refusal('lists', { headers: other }), '403/201');
  assert.equal(unit.refusal('lists'), '400/66');
  unit.pardot.switches.othersInFlight = 0;
  assert.equal(unit.refusal('lists'), '400/122');
  unit.pardot.switches.dailyLimit = 10;
  assert.equal(unit.refusal('lists'), '400/13');
  assert.equal(unit.call('lists', { query: QUERY }).status, 200);
});

test('texts of the recorded refusals', () => {
  const unit = new BusinessUnit();
  const missing = unit.call('lists', { headers: { 'pardot-business-unit-id': '' } });
  assert.deepEqual(missing.json, {
    code: 181,
    message: 'A required header is missing: Pardot-Business-Unit-Id header not found on request.',
  });
  assert.deepEqual(unit.call('lists').json, {
    code: 13,
    message: 'One or more required parameters are missing: fields',
  });
});

test('a business unit id of 15 characters is accepted', () => {
  const unit = new BusinessUnit();
  assert.equal(unit.pardot.businessUnitId.length, 18);
  const headers = { 'pardot-business-unit-id': unit.pardot.businessUnitId.slice(0, 15) };
  assert.equal(unit.call('lists', { query: QUERY, headers }).status, 200);
});

test('five requests at once pass, counting those of other integrations', () => {
  const unit = new BusinessUnit({ othersInFlight: 2 });
  assert.equal(unit.call('lists', { query: QUERY, inFlight: 3 }).status, 200);
  assert.equal(unit.refusal('lists', { query: QUERY, inFlight: 4 }), '400/66');
});

test('the daily limit ends at midnight of the account, not of the user', () => {
  const unit = new BusinessUnit({
    dailyLimit: 1,
    accountTimeZone: 'Europe/Berlin',
    userTimeZone: 'America/New_York',
  });
  assert.equal(unit.call('lists', { query: QUERY }).status, 200);
  assert.equal(unit.refusal('lists', { query: QUERY }), '400/122');
  unit.clock.atMs = Date.parse('2026-03-02T22:59:59Z');
  assert.equal(unit.refusal('lists', { query: QUERY }), '400/122');
  unit.clock.atMs = Date.parse('2026-03-02T23:00:00Z');
  assert.equal(unit.call('lists', { query: QUERY }).status, 200);
});

test('usage is told only on request, refused calls do not count', () => {
  const unit = new BusinessUnit({ dailyLimit: 100, usedByOthers: 7 });
  assert.equal(unit.call('lists', { query: QUERY }).headers['x-api-usage'], undefined);
  unit.call('lists', { query: QUERY, inFlight: 6 });
  unit.call('lists', { query: QUERY, headers: { authorization: '' } });
  const asked = unit.call('lists', { query: QUERY, headers: { 'x-return-api-usage': '1' } });
  assert.equal(asked.headers['x-api-usage'], '9/100');
});

test('status and body format of a code can be turned', () => {
  const unit = new BusinessUnit({
    statuses: { 66: 429 },
    errorBodies: { 66: 'xml', 13: 'html', 201: 'empty' },
  });
  const busy = unit.call('lists', { query: QUERY, inFlight: 6 });
  assert.equal(busy.status, 429);
  assert.match(busy.text, /<err code="66">/);
  const html = unit.call('lists');
  assert.match(html.headers['content-type'] ?? '', /text\/html/);
  const headers = { 'pardot-business-unit-id': '0Uv000000000001AAA' };
  const empty = unit.call('lists', { headers });
  assert.deepEqual([empty.status, empty.text], [403, '']);
});

test('paths, methods and abilities that do not exist', () => {
  const unit = new BusinessUnit({ deniedAbilities: ['Prospect > Prospects > Configure Fields'] });
  assert.equal(unit.refusal('/api/v5/prospects/do/upsertLatestByEmail', { method: 'POST' }), '404/198');
  assert.equal(unit.refusal('nonsense', { query: QUERY }), '404/198');
  assert.equal(unit.refusal('lists', { method: 'PUT' }), '405/60');
  assert.equal(unit.refusal('campaigns', { method: 'POST', body: { name: 'x' } }), '405/60');
  assert.equal(unit.refusal('prospects/do/nonsense', { method: 'POST', body: {} }), '400/205');
  assert.equal(unit.refusal('custom-fields', { query: QUERY }), '405/46');
});

test('the account answers without an id', () => {
  const { status, json } = new BusinessUnit().call('account', { query: { fields: 'id,company' } });
  assert.equal(status, 200);
  assert.equal(json?.company, 'Sandbox Company');
});
