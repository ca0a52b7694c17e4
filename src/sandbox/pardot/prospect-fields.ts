import {
  type FieldSpec,
  type FieldSpecs,
  type FieldType,
  readOnly,
  STAMP_FIELDS,
  writable,
} from './fields.ts';
import type { CustomField } from './rows.ts';
import type { PardotState } from './state.ts';

/** §3.1, first-hand field table. */
const STANDARD_FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...writable('email', 'email'),
  ...writable('integer', 'campaignId prospectAccountId score profileId userId annualRevenue employees'),
  ...writable('string', 'salutation firstName lastName company website jobTitle department country'),
  ...writable('string', 'addressOne addressTwo city state territory zip phone fax source industry'),
  ...writable('string', 'yearsInBusiness comments notes salesforceId salesforceOwnerId'),
  ...writable('boolean', 'isDoNotEmail isDoNotCall isReviewed isStarred'),
  ...readOnly('integer', 'assignedToId convertedFromObjectType lifecycleStageId'),
  ...readOnly('string', 'campaignParameter contentParameter mediumParameter sourceParameter termParameter'),
  ...readOnly('string', 'convertedFromObjectName emailBouncedReason firstReferrerQuery firstReferrerType'),
  ...readOnly('string', 'firstReferrerUrl grade password recentInteraction salesforceAccountId'),
  ...readOnly('string', 'salesforceCampaignId salesforceContactId salesforceLeadId salesforceUrl'),
  ...readOnly('boolean', 'doNotSell isDeleted isEmailHardBounced'),
  ...readOnly('datetime', 'convertedAt emailBouncedAt firstActivityAt firstAssignedAt lastActivityAt'),
  ...readOnly('datetime', 'salesforceLastSync'),
};

/** The fields a prospect has in this business unit now, custom ones included. */
export function prospectFields(state: PardotState): FieldSpecs {
  const optedOut: FieldSpec = { type: 'boolean', writable: state.switches.optedOutWritable };
  const custom = state.customFields.rows().map((field) => [apiFieldId(field), customFieldSpec(field)]);
  return { ...STANDARD_FIELDS, optedOut, ...Object.fromEntries(custom) };
}

export function apiFieldId(field: CustomField): string {
  return `${field.fieldId}__c`;
}

const TYPES: Partial<Record<CustomField['type'], FieldType>> = {
  Number: 'number',
  Date: 'date',
  'Multi-Select': 'strings',
  Checkbox: 'strings',
};

function customFieldSpec(field: CustomField): FieldSpec {
  const type = TYPES[field.type] ?? 'string';
  return {
    type,
    writable: true,
    notQueryable: type === 'strings' || field.isRecordMultipleResponses,
    appends: field.isRecordMultipleResponses,
    allowedValues: field.allowedValues,
  };
}
