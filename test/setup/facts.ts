import { ACTIVITY_TYPES } from '../../src/activity-types.ts';
import type { CampaignDescription, CampaignField } from '../../src/clients/salesforce-setup-shapes.ts';
import type { ActivityFacts, Facts } from '../../src/setup/facts.ts';
import type { WantedField } from '../../src/setup/wanted.ts';

export const UNIT = '0Uv000000000001AAA';
export const EXTENSION_ID = '6Ex000000000001AAA';
export const FIELD = 'Livestorm_Session_Id__c';

export function aCampaignField(over: Partial<CampaignField> = {}): CampaignField {
  return {
    name: FIELD,
    type: 'string',
    length: 64,
    createable: true,
    externalId: true,
    unique: true,
    required: false,
    ...over,
  };
}

export function aDescription(over: Partial<CampaignDescription> = {}): CampaignDescription {
  return { createable: true, updateable: true, fields: [aCampaignField()], ...over };
}

export function aWantedField(over: Partial<WantedField> = {}): WantedField {
  return {
    name: 'Webinar_Duration__c',
    key: 'fields.attendance',
    value: 'duration_seconds',
    use: 'number',
    ...over,
  };
}

/** An active extension, assigned, with every type active. */
export function someActivities(over: Partial<ActivityFacts> = {}): ActivityFacts {
  return {
    businessUnits: { value: [{ id: UNIT, name: 'Acme', status: 'Created' }] },
    extension: { value: { id: EXTENSION_ID, developerName: 'Livestorm', isActive: true } },
    assignedTo: { value: [UNIT] },
    types: {
      value: Object.keys(ACTIVITY_TYPES).map((developerName) => ({
        id: `id of ${developerName}`,
        developerName,
        isActive: true,
        extensionId: EXTENSION_ID,
      })),
    },
    ...over,
  };
}

/** Nothing is missing. */
export function someFacts(over: Partial<Facts> = {}): Facts {
  return {
    account: { value: { company: 'Acme' } },
    campaign: { value: aDescription() },
    customFields: { value: [{ apiName: 'Webinar_Duration__c', type: 'number', appends: false }] },
    activities: someActivities(),
    ...over,
  };
}
