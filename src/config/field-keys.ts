import { ATTENDANCE_VALUES, type AttendanceValue } from '../domain.ts';
import type { WrittenProspectField } from './field-maps.ts';
import { key, section } from './key.ts';

const fromWhenEmpty = (from: string): WrittenProspectField =>
  new Map([
    ['from', from],
    ['overwrite', 'when_empty'],
  ]);

export const fields = section(
  'Which field goes where. A map given here replaces the default map as a whole.',
  {
    registration: key<ReadonlyMap<string, string>>({
      doc:
        'Livestorm field id → prospect field (API name) for registrations. The e-mail is always sent. ' +
        'Fields that an event does not have are left out for that event.',
      format: 'registration_fields',
      default: new Map([
        ['first_name', 'firstName'],
        ['last_name', 'lastName'],
      ]),
    }),
    prospect: key<ReadonlyMap<string, WrittenProspectField>>({
      doc:
        'Prospect field (API name) → `{ from: … }`, the id of the Livestorm field whose answer is written into it, ' +
        'and `overwrite`: `always`, `when_empty` (also without it, and when only the id is given) or ' +
        '`never`, which writes it only when the prospect is created.',
      format: 'prospect_fields',
      default: new Map([
        ['firstName', fromWhenEmpty('first_name')],
        ['lastName', fromWhenEmpty('last_name')],
      ]),
      example: '{ company: company, jobTitle: { from: job_title, overwrite: always } }',
    }),
    attendance: key<ReadonlyMap<string, AttendanceValue>>({
      doc:
        'Prospect field (API name) → what is written into it: ' +
        `${ATTENDANCE_VALUES.map((value) => `\`${value}\``).join(', ')}. ` +
        'Fields of the type that appends values instead of overwriting them are unsuitable.',
      format: 'attendance_fields',
      default: new Map(),
    }),
  },
);
