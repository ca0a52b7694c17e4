import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rehearsal } from '../rehearsal.ts';

test('every kind of switch can be set, is marked as changed, and put back', async () => {
  await using rehearsal = await Rehearsal.start();
  const { livestorm, pardot, salesforce } = rehearsal.sandbox;
  const set = async (vendor: string, name: string, value: string): Promise<void> => {
    const reply = await rehearsal.post(`/switches/${vendor}`, { name, value });
    assert.equal(reply.status, 303, name);
  };
  await set('livestorm', 'duplicate', '422');
  await set('livestorm', 'attendanceLagMs', 'null');
  await set('pardot', 'mirrorDelayMs', '1000');
  await set('pardot', 'readLagMs', '{"min":1,"max":2}');
  await set('pardot', 'statuses', '{"66":429}');
  await set('pardot', 'userTimeZone', 'Europe/Paris');
  await set('salesforce', 'persistentlyUnauthorized', 'true');
  await set('salesforce', 'requiredCustomFields', '["Region__c"]');
  assert.equal(livestorm.switches.duplicate, 422);
  assert.equal(livestorm.switches.attendanceLagMs, null);
  assert.equal(pardot.switches.mirrorDelayMs, 1000);
  assert.deepEqual(pardot.switches.readLagMs, { min: 1, max: 2 });
  assert.deepEqual(pardot.switches.statuses, { 66: 429 });
  assert.equal(pardot.switches.userTimeZone, 'Europe/Paris');
  assert.equal(salesforce.switches.persistentlyUnauthorized, true);
  assert.deepEqual(salesforce.switches.requiredCustomFields, ['Region__c']);
  const { text } = await rehearsal.get('/switches');
  assert.match(text, /Livestorm: \d+ switches, 2 changed/);
  assert.match(text, /<option value="422" selected>/);
  await rehearsal.post('/switches/pardot/reset', {});
  assert.deepEqual(pardot.switches.statuses, {});
  assert.equal(pardot.switches.mirrorDelayMs, null);
  assert.match((await rehearsal.get('/switches')).text, /\(Pardot\): \d+ switches, all at their defaults/);
});

const REFUSED = [
  ['livestorm', 'duplicate', '500'],
  ['livestorm', 'burstLimit', 'many'],
  ['livestorm', 'burstLimit', '-1'],
  ['livestorm', 'attendanceLagMs', '"never"'],
  ['livestorm', 'nothing', '1'],
  ['pardot', 'readLagMs', '{"min":1}'],
  ['pardot', 'readLagMs', '7'],
  ['pardot', 'deniedAbilities', '[1]'],
  ['pardot', 'userTimeZone', 'Europe/Nowhere'],
  ['salesforce', 'persistentlyUnauthorized', '1'],
  ['elsewhere', 'x', '1'],
] as const;

for (const [vendor, name, value] of REFUSED) {
  test(`${vendor}.${name} does not take ${value}`, async () => {
    await using rehearsal = await Rehearsal.start();
    const before = JSON.stringify(rehearsal.sandbox.pardot.switches);
    assert.equal((await rehearsal.post(`/switches/${vendor}`, { name, value })).status, 400);
    assert.equal(JSON.stringify(rehearsal.sandbox.pardot.switches), before);
    assert.match((await rehearsal.get('/switches')).text, /Livestorm: \d+ switches, all at their defaults/);
  });
}
