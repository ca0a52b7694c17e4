import type { PersonAnswer, StepView } from '../../questions/person.ts';
import { type Html, html } from '../html.ts';
import type { Reply } from '../server.ts';
import { instant, minuteOf } from '../words.ts';
import { SEARCH_FORM } from './find.ts';
import { pageReply, section } from './shell.ts';

/** The answer to "why is this person not registered?". */
export function personPage(person: PersonAnswer, nowMs: number): Reply {
  const { email, notes, sessions, without_session: stray, unknown } = person;
  return pageReply({
    title: email,
    lead: unknown
      ? 'Nothing is known of this address.'
      : 'What is known of this person, in the order of time.',
    body: [
      notes.length > 0 &&
        section('notes', 'To know', html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`),
      unknown && unknownSection(unknown),
      sessions.map((session, index) => sessionSection(session, index, nowMs)),
      stray.length > 0 && section('stray', 'Submissions that led to no session', steps(stray, nowMs)),
      section('search', 'Another person', html`${SEARCH_FORM}<p><a href="/">Back to the status</a></p>`),
    ],
  });
}

function sessionSection(session: PersonAnswer['sessions'][number], index: number, nowMs: number): Html {
  const { name, status, answer, session_id, pardot_campaign_id, list_id } = session;
  return section(`session-${index + 1}`, name, [
    html`<p><strong>${answer}</strong></p>
<p class="small quiet">${status.replaceAll('_', ' ')} · session ${session_id} · campaign ${pardot_campaign_id ?? 'awaited'} · list ${list_id ?? 'none'}</p>`,
    steps(session.steps, nowMs),
  ]);
}

function steps(all: readonly StepView[], nowMs: number): Html {
  const items = all.map(({ at, what, text, next, ids }) => {
    const named = Object.entries(ids).map(([name, id]) => `${name.replaceAll('_', ' ')} ${id}`);
    return html`<li><span>${at === null ? 'at some time' : instant(Date.parse(at), nowMs)}</span><span class="quiet">${what}</span><div>${text}${
      named.length > 0 && html` <span class="quiet small">${named.join(', ')}</span>`
    }${next !== null && html`<p><strong>Next:</strong> ${next}</p>`}</div></li>
`;
  });
  return html`<ol class="steps">${items}</ol>`;
}

function unknownSection({ since, nearest, checks }: NonNullable<PersonAnswer['unknown']>): Html {
  return section('unknown', 'Never seen', [
    html`<p>No submission and no registration with this address${since !== null && ` since ${minuteOf(since)}`}.</p>`,
    nearest.length > 0 &&
      html`<h3>Addresses that are almost the same</h3><ul>${nearest.map(({ email, because }) => html`<li>${email} (${because})</li>`)}</ul>`,
    html`<h3>Look at</h3><ul>${checks.map((check) => html`<li>${check}</li>`)}</ul>`,
  ]);
}
