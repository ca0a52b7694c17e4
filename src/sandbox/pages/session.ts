import type { PersonView, SessionView } from '../livestorm/world.ts';
import { type Content, type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { linkOf } from './links.ts';
import {
  actionButton,
  card,
  counted,
  definitions,
  field,
  form,
  instant,
  NONE,
  select,
  table,
  tag,
} from './parts.ts';
import { hostButtons, statusTag } from './sessions.ts';
import type { World } from './world.ts';

/** One session with the people tab. */
export function sessionPage(world: World, session: SessionView, note: string | undefined): Page {
  const event = world.livestorm.event(session.eventId);
  const people = world.livestorm.people(session.id);
  const rows = people.map((person) => personRow(session, person));
  const columns = ['Person', 'Role', 'Registered', 'Answers', 'Attendance', 'Replay', ''];
  return {
    title: event.title,
    section: '/',
    note,
    lead: html`${session.name ? html`${session.name} · ` : null}${instant(session.startsAtMs)} ${statusTag(session.status)}`,
    body: html`${card('Session', html`${facts(world, session)}${hostButtons(session)}`)}
${card('People', table('People', columns, rows, 'Nobody yet.'))}
<div class="grid">
${card('Register somebody on Livestorm’s page', registerForm(session))}
${people.length > 0 && session.startedAtMs !== null && card('Somebody was there', joinForm(session, people))}
</div>`,
  };
}

function facts(world: World, session: SessionView): Html {
  const { campaign, mirror, lists } = linkOf(world, session.id);
  const listLinks = lists.map(
    (list) => html`<a href="/lists/${list.id}">${list.name}</a> <span class="id quiet">${list.id}</span> `,
  );
  return definitions([
    ['Session id', html`<code>${session.id}</code>`],
    ['Event id', html`<code>${session.eventId}</code>`],
    ['Started', instant(session.startedAtMs)],
    ['Ended', instant(session.endedAtMs)],
    [
      'Salesforce campaign',
      campaign ? html`${campaign.name} <span class="id quiet">${campaign.id}</span>` : 'none yet',
    ],
    [
      'Its mirror in Pardot',
      mirror ? html`${mirror.name} <span class="id quiet">${mirror.id}</span>` : 'none yet',
    ],
    ['Pardot list', lists.length > 0 ? listLinks : 'none yet'],
  ]);
}

function personRow(session: SessionView, person: PersonView): Content[] {
  const name = [person.firstName, person.lastName].filter((part) => part !== null).join(' ');
  const canWatch = session.endedAtMs !== null || session.status === 'on_demand';
  return [
    html`${name || '–'}<br><span class="quiet small">${person.email}</span>`,
    roleTag(person),
    html`${instant(person.registeredAtMs)}<br><span class="quiet small">${person.registeredBy}, ${counted(person.confirmationsSent, 'e-mail')}</span>`,
    answers(person),
    person.attendance ? attendance(person.attendance) : NONE,
    person.replayWatchedAtMs === null ? NONE : instant(person.replayWatchedAtMs),
    canWatch
      ? actionButton('Watch replay', `/sessions/${session.id}/replay`, { email: person.email })
      : html``,
  ];
}

function roleTag(person: PersonView): Html {
  if (person.role === 'team_member') return tag('team member', 'warn');
  if (person.isGuestSpeaker) return tag('guest speaker', 'warn');
  return person.isAnonymous ? tag('anonymous', 'off') : tag('participant');
}

function answers(person: PersonView): Html {
  const shown = Object.entries(person.fields).filter(
    ([id, value]) => !['email', 'first_name', 'last_name'].includes(id) && value !== null,
  );
  if (shown.length === 0) return NONE;
  return html`${shown.map(([id, value]) => html`<span class="small">${id}: ${Array.isArray(value) ? value.join(', ') : String(value)}</span><br>`)}`;
}

function attendance(presence: NonNullable<PersonView['attendance']>): Html {
  const minutes = Math.round(presence.durationSeconds / 6) / 10;
  return html`${minutes} min<br><span class="quiet small">${counted(presence.messages, 'message')}, ${counted(presence.questions, 'question')}</span>`;
}

function registerForm(session: SessionView): Html {
  return form(
    `/sessions/${session.id}/register`,
    html`${field('E-mail', 'email', { type: 'email', required: true })}
${field('First name', 'firstName')}
${field('Last name', 'lastName')}`,
    html`<button>Register</button>`,
  );
}

function joinForm(session: SessionView, people: readonly PersonView[]): Html {
  return form(
    `/sessions/${session.id}/join`,
    html`${select(
      'Person',
      'email',
      people.map((person) => [person.email, person.email] as const),
    )}
${field('Minutes', 'minutes', { type: 'number', value: '30' })}
${field('Messages', 'messages', { type: 'number', value: '0' })}
${field('Questions', 'questions', { type: 'number', value: '0' })}`,
    html`<button>Record</button>`,
  );
}
