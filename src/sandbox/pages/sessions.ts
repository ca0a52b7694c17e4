import type { EventView, SessionView } from '../livestorm/world.ts';
import { type Content, type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { linkOf } from './links.ts';
import { actionButton, card, checkbox, field, form, instant, NONE, select, table, tag } from './parts.ts';
import type { World } from './world.ts';

const DAY = 86_400_000;

/** The start page: every session with its campaign and list, and forms that make more. */
export function sessionsPage(world: World, note: string | undefined): Page {
  const events = world.livestorm.events();
  const sessions = world.livestorm.sessions();
  const rows = sessions.toReversed().map((session) => sessionRow(world, session));
  const columns = ['Session', 'Starts', 'Status', 'People', 'Campaign', 'List', 'Host'];
  const start = new Date(world.now() + DAY).toISOString().slice(0, 11) + '14:00';
  return {
    title: 'Sessions',
    section: '/',
    note,
    lead: html`A Livestorm, an Account Engagement (Pardot) and a Salesforce that answer on this machine only. Nothing here is real.
Point a client at the addresses under <a href="/connect">Connect</a>.`,
    body: html`${card('Livestorm sessions', table('Livestorm sessions', columns, rows, 'No session yet. Create one below.'))}
<div class="grid">
${card('New event with a session', newEventForm(start))}
${events.length > 0 && card('Another session of an event', newSessionForm(events, start))}
${card('New campaign in Salesforce', newCampaignForm())}
</div>`,
  };
}

function sessionRow(world: World, session: SessionView): Content[] {
  const link = linkOf(world, session.id);
  const title = world.livestorm.event(session.eventId).title;
  const name = session.name === null ? title : `${title}: ${session.name}`;
  return [
    html`<a href="/sessions/${session.id}">${name}</a>`,
    instant(session.startsAtMs),
    statusTag(session.status),
    world.livestorm.people(session.id).length,
    link.campaign?.name ?? tag('not yet', 'off'),
    link.lists.length > 0
      ? link.lists.map((list) => html`<a href="/lists/${list.id}">${list.name}</a> `)
      : tag('not yet', 'off'),
    hostButtons(session),
  ];
}

/** What the host can do next with this session. */
export function hostButtons(session: SessionView): Html {
  const button = (text: string, action: string, kind?: 'danger') =>
    actionButton(text, `/sessions/${session.id}/${action}`, {}, kind);
  switch (session.status) {
    case 'draft':
      return html`<div class="row">${button('Publish', 'publish')} ${button('Cancel', 'cancel', 'danger')}</div>`;
    case 'upcoming':
    case 'past_not_started':
      return html`<div class="row">${button('Start', 'start')} ${button('Cancel', 'cancel', 'danger')}</div>`;
    case 'live':
      return button('End', 'end');
    case 'past':
      return button('Offer on demand', 'on-demand');
    default:
      return NONE;
  }
}

export function statusTag(status: SessionView['status']): Html {
  if (status === 'live') return tag(status, 'good');
  if (status === 'canceled') return tag(status, 'bad');
  if (status === 'draft' || status === 'past_not_started') return tag(status.replaceAll('_', ' '), 'warn');
  return tag(status.replaceAll('_', ' '), status === 'past' ? 'off' : '');
}

function newEventForm(start: string): Html {
  return form(
    '/events',
    html`${field('Title', 'title', { required: true, value: 'Product tour' })}
${field('Starts', 'starts', { type: 'datetime-local', value: start, required: true, hint: 'UTC' })}
${field('Questions beside e-mail and name', 'fields', { value: 'company, job_title', hint: 'field ids, separated by commas' })}
${checkbox('Published', 'published', true)}`,
    html`<button>Create</button>`,
  );
}

function newSessionForm(events: readonly EventView[], start: string): Html {
  return form(
    '/sessions',
    html`${select(
      'Event',
      'event',
      events.toReversed().map((event) => [event.id, event.title] as const),
    )}
${field('Name', 'name', { hint: 'may be empty' })}
${field('Starts', 'starts', { type: 'datetime-local', value: start, required: true, hint: 'UTC' })}`,
    html`<button>Add</button>`,
  );
}

function newCampaignForm(): Html {
  return form(
    '/campaigns',
    field('Name', 'name', { required: true, hint: 'at most 80 characters' }),
    html`<button class="second">Create</button>`,
  );
}
