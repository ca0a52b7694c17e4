import { printable } from '../config/printable.ts';
import type { Facts } from './facts.ts';
import { planActivities } from './plan-activities.ts';
import { planCampaign } from './plan-campaign.ts';
import { planFields } from './plan-fields.ts';
import { type Step, unchecked } from './step.ts';
import type { Wanted } from './wanted.ts';

/** Everything the configuration needs, how it stands, and what can be done about it. */
export function planSetup(facts: Facts, wanted: Wanted): Step[] {
  return [
    planAccount(facts),
    ...planCampaign(facts.campaign, wanted),
    CONNECTED_CAMPAIGNS,
    ...planActivities(facts.activities, wanted),
    ...planFields(facts.customFields, wanted.fields),
  ];
}

function planAccount({ account }: Facts): Step {
  const what = 'Account Engagement';
  if ('error' in account) return unchecked(what, account.error);
  const company = account.value.company === null ? '' : ` ${printable(account.value.company)}`;
  return { what, state: 'ok', found: `the API user may use the business unit${company}` };
}

/** No API tells or sets this (salesforce.md §5). */
const CONNECTED_CAMPAIGNS: Step = {
  what: 'Connected Campaigns',
  state: 'unknown',
  found: 'no API tells whether it is on',
  byHand:
    'In Account Engagement Settings › Connectors › Salesforce › Campaigns see that Connected Campaigns is enabled, ' +
    'that the record type of new campaigns is selected, and that the connector is not paused. Otherwise status ' +
    'shows new sessions as “awaiting mirror” for more than 30 minutes.',
  advisory: true,
};
