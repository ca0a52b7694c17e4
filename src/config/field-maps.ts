import { ATTENDANCE_VALUES } from '../domain.ts';
import { checkRecord, map } from './collections.ts';
import type { Finding } from './format.ts';
import { nearest } from './nearest.ts';
import { present } from './present.ts';
import { describeFound } from './printable.ts';

export const OVERWRITE_POLICIES = ['always', 'when_empty', 'never'] as const;
/** Whether a prospect that exists already is written to; `never`: only prospects that are created. */
export type OverwritePolicy = (typeof OVERWRITE_POLICIES)[number];

export interface ProspectField {
  /** Livestorm field id. */
  readonly from: string;
  readonly overwrite: OverwritePolicy;
}

/** As the file says it: the Livestorm field id alone, or with the policy. */
export type WrittenProspectField = string | ReadonlyMap<'from' | 'overwrite', string>;

export const API_NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;
/** Ids of custom fields are slugs of their labels and can be long (livestorm.md §5.1). */
export const LIVESTORM_FIELD = /^[^\p{Cc}]{1,500}$/u;
/**
 * Writing these would move or rename the prospect, touch its source campaign, assign it to somebody, or decide
 * about its consent. Whether the API takes `optedOut` is unknown (pardot.md §3).
 */
export const NOT_WRITABLE = /^(?:id|email|campaignId|salesforceId|assignedTo\w*(?<!__c)|userId|optedOut)$/i;

export const REGISTRATION_FIELDS = map(
  'a map of Livestorm field ids to prospect fields',
  'lines like company: company',
  (key, value) => {
    if (key.toLowerCase() === 'email') {
      return [{ message: 'the e-mail is always sent and may not be mapped', fix: 'remove the line' }];
    }
    if (typeof value === 'string' && API_NAME.test(value)) return [];
    const fix = 'write the API name, for example jobTitle or Region__c';
    return [{ message: `expected the API name of a prospect field, found ${describeFound(value)}`, fix }];
  },
);

export const PROSPECT_FIELDS = map(
  'a map of prospect fields to Livestorm field ids',
  'lines like company: company, or company: { from: company, overwrite: always }',
  (key, value) => {
    const refusal = refuseField(key, 'jobTitle or Region__c');
    if (refusal !== null) return [refusal];
    if (!(value instanceof Map)) return findings(checkSource(value));
    const record = value as Map<string, unknown>;
    const found = checkRecord(record, { from: checkSource, overwrite: checkPolicy });
    if (record.has('from')) return found;
    const fix = 'add the id of a Livestorm field, like from: company';
    return [{ message: 'from is missing', fix }, ...found];
  },
);

export const ATTENDANCE_FIELDS = map(
  'a map of prospect fields to what is written into them',
  'lines like Webinar_Attended__c: attended',
  (key, value) =>
    findings(
      refuseField(key, 'Webinar_Attended__c') ?? checkChoice('an attendance value', ATTENDANCE_VALUES, value),
    ),
);

/** The checked map in the form the code works with: in full, `when_empty` where no policy is written. */
export function readProspectFields(
  written: ReadonlyMap<string, WrittenProspectField>,
): ReadonlyMap<string, ProspectField> {
  return new Map([...written].map(([name, field]) => [name, readProspectField(field)]));
}

function readProspectField(field: WrittenProspectField): ProspectField {
  if (typeof field === 'string') return { from: field, overwrite: 'when_empty' };
  const overwrite = (field.get('overwrite') ?? 'when_empty') as OverwritePolicy;
  return { from: present(field.get('from')), overwrite };
}

function refuseField(name: string, example: string): Finding | null {
  if (!API_NAME.test(name)) {
    const fix = `write the API name, for example ${example}`;
    return { message: 'the key is not the API name of a prospect field', fix };
  }
  if (!NOT_WRITABLE.test(name)) return null;
  return { message: 'this prospect field may not be overwritten', fix: `use another one, like ${example}` };
}

function checkSource(value: unknown): Finding | null {
  if (typeof value === 'string' && LIVESTORM_FIELD.test(value)) return null;
  const message = `expected the id of a Livestorm field, found ${describeFound(value)}`;
  return { message, fix: 'write the id, for example company' };
}

function checkPolicy(value: unknown): Finding | null {
  return checkChoice(`one of ${OVERWRITE_POLICIES.join(', ')}`, OVERWRITE_POLICIES, value);
}

function checkChoice(expects: string, choices: readonly string[], value: unknown): Finding | null {
  if (choices.some((known) => known === value)) return null;
  const meant = typeof value === 'string' ? nearest(value, choices) : null;
  const fix = meant === null ? `use one of ${choices.join(', ')}` : `did you mean ${meant}?`;
  return { message: `expected ${expects}, found ${describeFound(value)}`, fix };
}

function findings(finding: Finding | null): readonly Finding[] {
  return finding === null ? [] : [finding];
}
