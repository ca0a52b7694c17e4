import type { CampaignDescription, CampaignField } from '../clients/salesforce-setup-shapes.ts';
import type { Reading } from './facts.ts';
import { type Step, unchecked } from './step.ts';
import type { Wanted } from './wanted.ts';

const CAMPAIGNS = 'Campaigns';
/** A Livestorm session id is a UUID. */
const SESSION_ID_LENGTH = 36;
const PERMISSION_SET = 'the permission set in config/salesforce-metadata grants it';

/** Whether campaigns can be created, and found again by the session's id (salesforce.md §2.3). */
export function planCampaign(campaign: Reading<CampaignDescription>, wanted: Wanted): Step[] {
  const name = wanted.externalIdField;
  if ('error' in campaign) {
    // What a user may not see is not there.
    if (campaign.error.code === 'NOT_FOUND') return [denied('see')];
    return [CAMPAIGNS, fieldTitle(name)].map((what) => unchecked(what, campaign.error));
  }
  const { fields } = campaign.value;
  const field = fields.find((known) => known.name.toLowerCase() === name.toLowerCase());
  return [planAccess(campaign.value), planRequired(fields), field ? planField(field) : missingField(name)];
}

function planAccess({ createable, updateable }: CampaignDescription): Step {
  if (createable && updateable) {
    return { what: CAMPAIGNS, state: 'ok', found: 'the API user may create and edit them' };
  }
  return denied(createable ? 'edit' : 'create');
}

function denied(verb: string): Step {
  return {
    what: CAMPAIGNS,
    state: 'wrong',
    found: `the API user may not ${verb} them`,
    byHand: `Grant the API user create and edit on Campaign (${PERMISSION_SET}), and tick Marketing User on the user record.`,
    blame: 'permission',
  };
}

function planRequired(fields: readonly CampaignField[]): Step {
  const what = 'Required fields of Campaign';
  const names = fields.filter(({ required, name }) => required && name !== 'Name').map(({ name }) => name);
  if (names.length === 0) return { what, state: 'ok', found: 'none that the connector does not fill' };
  return {
    what,
    state: 'wrong',
    found: `${names.join(', ')}: no campaign can be created without`,
    byHand: 'Give these fields a default value, or make them optional.',
  };
}

function planField(field: CampaignField): Step {
  const what = fieldTitle(field.name);
  const problems = [
    ...(field.type === 'string' ? [] : [`is of type ${field.type}, not Text`]),
    ...(field.length < SESSION_ID_LENGTH ? [`takes fewer than ${SESSION_ID_LENGTH} characters`] : []),
    ...(field.externalId ? [] : ['is not marked External ID']),
    ...(field.unique ? [] : ['is not marked Unique']),
  ];
  if (problems.length > 0) {
    const byHand = 'Change the field in Setup › Object Manager › Campaign, or configure another one.';
    return { what, state: 'wrong', found: problems.join(', '), byHand };
  }
  if (field.createable) return { what, state: 'ok', found: 'Text, External ID, Unique' };
  return {
    what,
    state: 'wrong',
    found: 'the API user may not write it',
    byHand: `Grant field-level security (${PERMISSION_SET}).`,
    blame: 'permission',
  };
}

function missingField(name: string): Step {
  return {
    what: fieldTitle(name),
    state: 'missing',
    found: 'no such field, or the API user may not see it',
    action: { kind: 'create_campaign_field', name },
    byHand: `Make it in Setup › Object Manager › Campaign, or deploy config/salesforce-metadata, and grant the API user field-level security (${PERMISSION_SET}).`,
  };
}

function fieldTitle(name: string): string {
  return `Campaign field ${name}`;
}
