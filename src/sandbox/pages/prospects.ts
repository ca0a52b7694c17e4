import type { PropertyValue, VisitorActivity } from '../pardot/rows.ts';
import type { ExternalActivityView, ProspectView } from '../pardot/world.ts';
import { type Content, type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { actionButton, card, definitions, instant, NONE, table, tag } from './parts.ts';
import type { World } from './world.ts';

/** Every prospect, newest first. */
export function prospectsPage(world: World, note: string | undefined): Page {
  const rows = world.pardot.prospects().toReversed().map(prospectRow);
  const columns = ['Prospect', 'Source campaign', 'Lists', 'Last activity'];
  return {
    title: 'Prospects',
    section: '/prospects',
    note,
    lead: 'The people Pardot knows.',
    body: card('Prospects', table('Prospects', columns, rows, 'None yet. Submit a form.')),
  };
}

/** The members of one list. */
export function listPage(world: World, list: { id: number; name: string }): Page {
  const members = world.pardot
    .prospects()
    .filter((prospect) => prospect.lists.some((membership) => membership.listId === list.id));
  const columns = ['Prospect', 'Source campaign', 'Lists', 'Last activity'];
  return {
    title: list.name,
    section: '/prospects',
    lead: html`Pardot list <code>${list.id}</code>`,
    body: card('Members', table('Members', columns, members.map(prospectRow), 'Nobody yet.')),
  };
}

/** One prospect's record: fields, lists, activities of both kinds and what the API wrote. */
export function prospectPage(world: World, prospect: ProspectView, note: string | undefined): Page {
  const activities = world.pardot.activities().filter((activity) => activity.prospectId === prospect.id);
  return {
    title: nameOf(prospect),
    section: '/prospects',
    note,
    lead: html`Prospect <code>${prospect.id}</code> ${stateTags(prospect)}`,
    body: html`<div class="grid">
${card('Record', record(prospect))}
${card('Fields', html`${fieldList(prospect.fields)}<h3>Custom fields</h3>${fieldList(prospect.customFields)}`)}
</div>
${card(
  'Activities',
  table(
    'Activities',
    ['Time', 'Type', 'Asset', 'Campaign'],
    activities.toReversed().map((each) => activityRow(world, each)),
  ),
)}
${card(
  'External activities',
  table(
    'External activities',
    ['Time', 'Extension', 'Type', 'Value', 'Received'],
    prospect.externalActivities.toReversed().map(externalActivityRow),
  ),
)}
${card('Written through the API', table('Writes', ['Time', 'Operation', 'Values'], prospect.apiWrites.toReversed().map(writeRow)))}
${!prospect.isDeleted && actionButton('Move to the recycle bin', `/prospects/${prospect.id}/delete`, {}, 'danger')}`,
  };
}

function prospectRow(prospect: ProspectView): Content[] {
  const lists = prospect.lists.map((list) => list.name).join(', ');
  return [
    html`<a href="/prospects/${prospect.id}">${nameOf(prospect)}</a> ${stateTags(prospect)}<br><span class="quiet small">${prospect.email}</span>`,
    prospect.campaignName ?? NONE,
    lists === '' ? NONE : lists,
    instant(prospect.lastActivityAtMs),
  ];
}

function nameOf(prospect: ProspectView): string {
  const { firstName, lastName } = prospect.fields;
  const name = [firstName, lastName].filter((part) => typeof part === 'string').join(' ');
  return name === '' ? (prospect.email ?? `Prospect ${prospect.id}`) : name;
}

function stateTags(prospect: ProspectView): Content {
  return [prospect.isDeleted && tag('recycle bin', 'bad'), prospect.optedOut && tag('opted out', 'warn')];
}

function record(prospect: ProspectView): Html {
  const lists = prospect.lists.map(
    (list) => html`<a href="/lists/${list.listId}">${list.name}</a>${list.optedOut && ' (opted out)'}<br>`,
  );
  return definitions([
    ['E-mail', prospect.email ?? NONE],
    ['Source campaign', prospect.campaignName ?? NONE],
    ['Lists', lists.length > 0 ? lists : NONE],
    ['Created', instant(prospect.createdAtMs)],
    ['Updated', instant(prospect.updatedAtMs)],
    ['Last activity', instant(prospect.lastActivityAtMs)],
  ]);
}

function fieldList(values: Readonly<Record<string, PropertyValue>>): Html {
  const entries = Object.entries(values).map(([name, value]) => [name, valueText(value)] as const);
  return entries.length > 0 ? definitions(entries) : html`<p class="quiet">None has a value.</p>`;
}

function valueText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function activityRow(world: World, activity: VisitorActivity): Content[] {
  const campaign = world.pardot.campaigns().find((each) => each.id === activity.campaignId);
  return [
    instant(activity.createdAtMs),
    html`${activity.typeName} <span class="quiet small">type ${activity.type}</span>`,
    activity.details,
    campaign?.name ?? NONE,
  ];
}

function externalActivityRow(activity: ExternalActivityView): Content[] {
  const { extension, type, value, activityDateMs, createdAtMs } = activity;
  return [instant(activityDateMs), extension, type, value, instant(createdAtMs)];
}

function writeRow(write: ProspectView['apiWrites'][number]): Content[] {
  return [
    instant(write.atMs),
    tag(write.operation),
    html`<code>${Object.entries(write.values)
      .map(([name, value]) => `${name}=${valueText(value)}`)
      .join(', ')}</code>`,
  ];
}
