import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTENDANCE_VALUES } from '../../src/domain.ts';
import { wantedSetup } from '../../src/setup/wanted.ts';
import { MINIMAL, parse } from '../config/fixture.ts';

const FIELDS = `fields:
  registration: { company: company, region: Region__c }
  prospect: { Topic__c: topic }
  attendance: { Webinar_Rate__c: attendance_rate, Webinar_At__c: session_started_at }
`;

function wanted(flows: string) {
  return wantedSetup(parse(`${MINIMAL}${FIELDS}flows: { ${flows} }\n`));
}

const uses = (flows: string) => wanted(flows).fields.map(({ name, use }) => `${name} ${use}`);

test('every map of the configuration is wanted, with how its fields are used', () => {
  assert.deepEqual(uses('external_activities: true'), [
    'Webinar_Rate__c number',
    'Webinar_At__c instant',
    'Topic__c answer',
    'company read',
    'Region__c read',
  ]);
  const { fields, externalActivities, businessUnitId, externalIdField } = wanted('external_activities: true');
  assert.equal(externalActivities, true);
  assert.equal(businessUnitId, '0Uv000000000000AAA');
  assert.equal(externalIdField, 'Livestorm_Session_Id__c');
  assert.deepEqual(fields[0], {
    name: 'Webinar_Rate__c',
    key: 'fields.attendance',
    value: 'attendance_rate',
    use: 'number',
  });
});

test('a map that no flow uses is not wanted', () => {
  assert.deepEqual(uses('custom_fields: false, registrants: false'), ['company read', 'Region__c read']);
  assert.deepEqual(uses('attendance: false, replays: false, form_registrations: false'), ['Topic__c answer']);
  assert.equal(wanted('external_activities: false').externalActivities, false);
});

test('every attendance value has a use that is written', () => {
  const lines = ATTENDANCE_VALUES.map((value) => `    Field_${value}__c: ${value}\n`).join('');
  const { fields } = wantedSetup(parse(`${MINIMAL}fields:\n  attendance:\n${lines}`));
  const written = fields.filter(({ key }) => key === 'fields.attendance');
  assert.equal(written.length, ATTENDANCE_VALUES.length);
  assert.ok(written.every(({ use }) => use !== 'read' && use !== 'answer' && use !== undefined));
});
