import type { Body, Collection } from '../collection.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS } from '../fields.ts';
import { apiFieldId } from '../prospect-fields.ts';
import { CUSTOM_FIELD_TYPES, type CustomField } from '../rows.ts';
import type { PardotState } from '../state.ts';
import { storedValue } from '../values.ts';

const CONFIGURE = ['Prospect > Prospects > Configure Fields'];
const FLAGS = ['isRecordMultipleResponses', 'isRequired', 'isAnalyticsSynced'] as const;

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('string', 'name fieldId apiFieldId type salesforceId'),
  ...readOnly('boolean', 'isRecordMultipleResponses isUseValues isRequired isAnalyticsSynced'),
};

/** pardot.md §3.10; made through the API, changed and removed by people. */
export const customFields: Collection = {
  name: 'custom-fields',
  fields: () => FIELDS,
  relations: {
    createdBy: { to: 'users', by: 'createdById' },
    updatedBy: { to: 'users', by: 'updatedById' },
  },
  filters: { id: 'range', createdAt: 'range', updatedAt: 'range' },
  orderBy: [],
  recycleBin: false,
  abilities: { view: CONFIGURE, create: CONFIGURE },
  rows: (state) => state.customFields,
  derive: (state, row, field) => derived(state, row as CustomField, field),
  writes: {
    required: ['name', 'fieldId', 'type'],
    createOnly: ['name', 'fieldId', 'type', ...FLAGS],
    create: createThroughApi,
  },
};

type NewCustomField = Pick<CustomField, 'name' | 'fieldId' | 'type'> &
  Partial<Pick<CustomField, (typeof FLAGS)[number] | 'allowedValues'>>;

/** Failure 139 for a field id that cannot be, 245 for one that is taken. */
export function addCustomField(state: PardotState, field: NewCustomField): number {
  const { customFields } = state;
  const { fieldId } = field;
  if (!/^[A-Za-z]\w*$/.test(fieldId) || fieldId.endsWith('__c')) throw new Failure(139, 'fieldId');
  const taken = customFields.rows().some((row) => row.fieldId.toLowerCase() === fieldId.toLowerCase());
  if (taken) throw new Failure(245, 'fieldId');
  const off = { isRecordMultipleResponses: false, isRequired: false, isAnalyticsSynced: false };
  const row = { ...off, allowedValues: [], ...field };
  return customFields.insert({ id: customFields.nextId(), ...state.stamp(), ...row }).id;
}

/** 46 by switch; types go in any case, as they come. */
function createThroughApi(state: PardotState, body: Body): number {
  if (state.switches.customFieldCreate === 'refused') throw new Failure(46);
  const { name, fieldId } = body;
  if (typeof name !== 'string' || name.trim() === '') throw new Failure(139);
  if (typeof fieldId !== 'string') throw new Failure(154, 'fieldId');
  const type = CUSTOM_FIELD_TYPES.find((each) => each.toLowerCase() === String(body.type).toLowerCase());
  if (!type) throw new Failure(154, 'type');
  const flags = FLAGS.filter((flag) => body[flag] !== undefined).map((flag) => [
    flag,
    storedValue(flag, { type: 'boolean', writable: true }, body[flag]) === true,
  ]);
  return addCustomField(state, { name, fieldId, type, ...Object.fromEntries(flags) });
}

function derived(state: PardotState, row: CustomField, field: string): unknown {
  if (field === 'apiFieldId') return apiFieldId(row);
  if (field === 'isUseValues') return row.allowedValues.length > 0;
  if (field !== 'type') return undefined;
  return state.switches.customFieldTypeCase === 'lower' ? row.type.toLowerCase() : row.type;
}
