import type { AssetKind } from '../pardot/rows.ts';
import { ASSET_KINDS } from './assets.ts';
import type { World } from './world.ts';

/** What the control page's buttons do. Each returns what to tell; refusals are thrown as errors with a text. */

export function createEvent(world: World, values: URLSearchParams): string {
  const title = text(values, 'title');
  const extra = names(values.get('fields')).map((id) => ({ id, custom: true }));
  const startsAtMs = startOf(values);
  const event = world.livestorm.createEvent({
    title,
    published: values.has('published'),
    fields: [{ id: 'email', required: true }, { id: 'first_name' }, { id: 'last_name' }, ...extra],
  });
  world.livestorm.createSession(event.id, { startsAtMs });
  return `Created “${title}” with one session`;
}

export function createSession(world: World, values: URLSearchParams): string {
  const name = (values.get('name') ?? '').trim();
  const startsAtMs = startOf(values);
  world.livestorm.createSession(text(values, 'event'), { startsAtMs, ...(name === '' ? {} : { name }) });
  return 'Created a session';
}

/** What the host does with a session, by the last part of the path. */
export function changeSession(world: World, id: string, action: string, values: URLSearchParams): string {
  const { livestorm } = world;
  switch (action) {
    case 'publish':
      livestorm.publishEvent(livestorm.session(id).eventId);
      return 'Published the event';
    case 'start':
      livestorm.startSession(id);
      return 'Started the session';
    case 'end':
      livestorm.endSession(id);
      return 'Ended the session';
    case 'cancel':
      livestorm.cancelSession(id);
      return 'Canceled the session';
    case 'on-demand':
      livestorm.makeOnDemand(id);
      return 'The recording can be watched on demand';
    default:
      return changePerson(world, id, action, values);
  }
}

function changePerson(world: World, id: string, action: string, values: URLSearchParams): string {
  const email = text(values, 'email');
  switch (action) {
    case 'register': {
      const [firstName, lastName] = [values.get('firstName') ?? '', values.get('lastName') ?? ''];
      world.livestorm.registerOnPage(id, {
        email,
        ...(firstName === '' ? {} : { firstName }),
        ...(lastName === '' ? {} : { lastName }),
      });
      return `Registered ${email}`;
    }
    case 'join': {
      const durationSeconds = Math.round(amount(values, 'minutes') * 60);
      const messages = amount(values, 'messages');
      world.livestorm.join(id, email, { durationSeconds, messages, questions: amount(values, 'questions') });
      return `Recorded that ${email} was there`;
    }
    case 'replay':
      world.livestorm.watchReplay(id, email);
      return `Recorded that ${email} watched the replay`;
    default:
      throw new RangeError(`A session has no action “${action}”`);
  }
}

export function createAsset(world: World, values: URLSearchParams): string {
  const kind = (Object.keys(ASSET_KINDS) as AssetKind[]).find((each) => each === values.get('kind'));
  const name = text(values, 'name');
  const campaignId = Number(text(values, 'campaign'));
  const isCookieless = values.has('kiosk');
  const fields = [
    { name: 'email', label: 'E-mail', required: true },
    { name: 'firstName', label: 'First name', required: false },
    { name: 'lastName', label: 'Last name', required: false },
    ...names(values.get('fields')).map((each) => ({ name: each, label: labelOf(each), required: false })),
  ];
  if (kind === 'form') world.pardot.createForm({ name, campaignId, fields, isCookieless });
  else if (kind === 'form_handler')
    world.pardot.createFormHandler({ name, campaignId, fields, isCookieless });
  else if (kind === 'landing_page') {
    world.pardot.createLandingPage({ name, campaignId, formId: Number(text(values, 'form')) });
  } else throw new RangeError('Unknown kind');
  return `Created ${ASSET_KINDS[kind].title.toLowerCase()} “${name}”`;
}

export function createCampaign(world: World, values: URLSearchParams): string {
  const name = text(values, 'name');
  world.salesforce.createCampaign({ name });
  return `Created the campaign “${name}” in Salesforce; Pardot shows it some minutes later`;
}

/** `jobTitle` → `Job title` */
function labelOf(fieldName: string): string {
  const words = fieldName
    .replace(/__c$/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function text(values: URLSearchParams, name: string): string {
  const value = (values.get(name) ?? '').trim();
  if (value === '') throw new RangeError(`“${name}” is missing`);
  return value;
}

function amount(values: URLSearchParams, name: string): number {
  const value = Number(values.get(name) ?? '0');
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`“${name}” must be a number of at least 0`);
  return value;
}

function names(listed: string | null): string[] {
  return (listed ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The date and time of a `datetime-local` input, taken as UTC. */
function startOf(values: URLSearchParams): number {
  const startsAtMs = Date.parse(`${text(values, 'starts')}Z`);
  if (Number.isNaN(startsAtMs)) throw new RangeError('The start is not a date and time');
  return startsAtMs;
}
