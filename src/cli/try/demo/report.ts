import { SECOND } from '../../../clock.ts';
import { emailKey } from '../../../domain.ts';
import { table } from '../../table.ts';
import { prospectOf } from './expectations.ts';
import type { Stage } from './stage.ts';
import { outcomeOf, type Person, type Played } from './webinar.ts';

/** The tables at the end of the demo. */
export function renderReport(stage: Stage, played: Played): string {
  const calls = ['livestorm', 'pardot', 'salesforce'].map(
    (vendor) => `${vendor} ${stage.sandbox.log.total(vendor)}`,
  );
  const sections = [
    ['Sessions', sessions(stage, played)],
    ['People', people(stage, played)],
    ['Prospects', prospects(stage, played)],
    ['Custom fields written', fields(stage, played)],
    ['External activities', activities(stage, played)],
  ];
  const body = sections.map(([title, text]) => `${title}\n${text}\n`).join('');
  return `${body}Calls, without those of the hours that the demo skips: ${calls.join(', ')}\n`;
}

const everybody = ({ people: [fromPardot, fromLivestorm] }: Played): Person[] => [
  ...fromPardot,
  ...fromLivestorm,
];

function sessions({ store }: Stage, { webinars }: Played): string {
  const rows = webinars.map(({ sessionId }) => {
    const link = store.links.get(sessionId);
    const ids = [link?.salesforceCampaignId, link?.pardotCampaignId, link?.listId];
    return [link?.name ?? 'missing', ...ids.map((id) => String(id ?? 'missing'))];
  });
  return table(['session', 'Salesforce campaign', 'Pardot campaign', 'Pardot list'], rows);
}

function people(stage: Stage, played: Played): string {
  const rows = everybody(played).map((person) => [
    person.email,
    person.source,
    person.expectedOutcome === null ? 'prospect' : (outcomeOf(stage, person.email) ?? 'none'),
    latency(stage, person),
    String(calls(stage, person)),
  ]);
  return table(['person', 'source', 'outcome', 'submitted to registered', 'calls for this person'], rows);
}

function latency({ store }: Stage, { email }: Person): string {
  const registration = store.registrations.all().find(({ emailKey: key }) => key === emailKey(email));
  if (registration?.outcome !== 'registered' || registration.outcomeAtMs === null) return '';
  return `${Math.round((registration.outcomeAtMs - registration.requestedAtMs) / SECOND)} s`;
}

/** Writes that were sent for this person alone. */
function calls({ store }: Stage, { email }: Person): number {
  const kinds = [
    'livestorm_registration',
    'prospect',
    'list_membership',
    'external_activity',
    'prospect_fields',
  ] as const;
  return kinds
    .flatMap((kind) => store.effects.all(kind))
    .filter(({ emailKey: key }) => key === emailKey(email))
    .reduce((sum, effect) => sum + effect.attempts, 0);
}

function prospects(stage: Stage, played: Played): string {
  const rows = everybody(played).flatMap(({ email }) => {
    const prospect = prospectOf(stage, email);
    if (!prospect) return [];
    const lists = prospect.lists.map(({ name }) => name).join(', ');
    return [[email, String(prospect.id), prospect.campaignName ?? '', lists || '-']];
  });
  return table(['person', 'prospect', 'source campaign', 'list'], rows);
}

function fields(stage: Stage, played: Played): string {
  const rows = everybody(played).flatMap(({ email }) =>
    Object.entries(prospectOf(stage, email)?.customFields ?? {}).map(([field, value]) => [
      email,
      field,
      String(value),
    ]),
  );
  return table(['person', 'field', 'value'], rows);
}

function activities(stage: Stage, played: Played): string {
  const rows = everybody(played).flatMap(({ email }) =>
    (prospectOf(stage, email)?.externalActivities ?? []).map(({ type, value, activityDateMs }) => [
      email,
      type,
      value,
      new Date(activityDateMs).toISOString(),
    ]),
  );
  return table(['person', 'type', 'value', 'dated'], rows);
}
