import type { Collection } from '../collection.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS } from '../fields.ts';
import { apiFieldId } from '../prospect-fields.ts';
import type { CustomField } from '../rows.ts';
import type { PardotState } from '../state.ts';

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('string', 'name fieldId apiFieldId type salesforceId'),
  ...readOnly('boolean', 'isRecordMultipleResponses isUseValues isRequired isAnalyticsSynced'),
};

/** pardot.md §3.10. */
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
  abilities: { view: ['Prospect > Prospects > Configure Fields'] },
  rows: (state) => state.customFields,
  derive: (state, row, field) => derived(state, row as CustomField, field),
};

function derived(state: PardotState, row: CustomField, field: string): unknown {
  if (field === 'apiFieldId') return apiFieldId(row);
  if (field === 'isUseValues') return row.allowedValues.length > 0;
  if (field !== 'type') return undefined;
  return state.switches.customFieldTypeCase === 'lower' ? row.type.toLowerCase() : row.type;
}
