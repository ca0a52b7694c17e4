import type { Facts } from '../setup/facts.ts';
import { planActivities } from '../setup/plan-activities.ts';
import { planCampaign } from '../setup/plan-campaign.ts';
import { planFields } from '../setup/plan-fields.ts';
import type { Wanted } from '../setup/wanted.ts';
import { type Finding, fromStep, refused } from './finding.ts';

/** What `setup` knows, as findings: campaigns, external activities, and every mapped prospect field. */
export function tellSetup(facts: Facts, wanted: Wanted): { salesforce: Finding[]; fields: Finding[] } {
  const campaign = planCampaign(facts.campaign, wanted).flatMap((step) =>
    fromStep('salesforce', step, 'No campaign is made for new sessions, and so no list and no registration.'),
  );
  return { salesforce: [...campaign, ...tellActivities(facts, wanted)], fields: tellFields(facts, wanted) };
}

/** The business unit first. While it is not the right one, nothing else about it means anything. */
function tellActivities({ account, activities }: Facts, wanted: Wanted): Finding[] {
  const [unit, ...others] = planActivities(activities, wanted);
  if (!unit) return [];
  const first = fromStep(
    'salesforce',
    unit,
    'Everything in Account Engagement belongs to one business unit.',
  );
  if ('error' in account) return first;
  const why = 'External activities are refused; everything else goes on.';
  return [...first, ...others.flatMap((step) => fromStep('salesforce', step, why))];
}

function tellFields({ account, customFields }: Facts, wanted: Wanted): Finding[] {
  // Said once, where the business unit is told.
  if ('error' in account) return [];
  if ('error' in customFields) {
    const why = 'Whether the mapped prospect fields exist and overwrite cannot be seen.';
    return [refused('fields', 'Custom fields of prospects', customFields.error, why)];
  }
  return planFields(customFields, wanted.fields).flatMap((step, index) =>
    fromStep(
      'fields',
      step,
      wanted.fields[index]?.use === 'read'
        ? 'Registrations go without this value.'
        : 'This value is not written, or not as it should be.',
    ),
  );
}
