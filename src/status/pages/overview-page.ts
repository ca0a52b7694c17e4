import { isoSeconds } from '../../clock.ts';
import { type Html, html } from '../html.ts';
import type { Overview } from '../overview.ts';
import type { Problem } from '../problems.ts';
import type { Reply } from '../server.ts';
import { duration, instant, number, times } from '../words.ts';
import { chartSection } from './chart.ts';
import { findSection } from './find.ts';
import { quotaSection } from './quota.ts';
import { sessionsSection } from './sessions.ts';
import { pageReply, section, table, tag, type Visitor } from './shell.ts';

const REFRESH_SECONDS = 60;

const SECTIONS = [
  ['flows', 'Flows'],
  ['registrations', 'Registrations'],
  ['sessions', 'Sessions'],
  ['quota', 'Quota'],
  ['failures', 'Failures'],
  ['person', 'Find a person'],
] as const;

/** How everything stands, in numbers. `isLive`: the browser asks anew every minute, which would empty a form. */
export function overviewPage(overview: Overview, visitor: Visitor, isLive = false): Reply {
  const { problems, atMs, view } = overview;
  const alerts = problems.filter(({ isAlert }) => isAlert).length;
  const title =
    alerts > 0
      ? `${times(alerts, 'thing')} ${alerts === 1 ? 'needs' : 'need'} attention`
      : problems.length > 0
        ? 'Works, with something to know'
        : 'Everything works';
  const since =
    view.activated_at === null
      ? 'Never started.'
      : html`Active since ${instant(Date.parse(view.activated_at), atMs)}.`;
  const live = isLive
    ? html`<a href="/">Stop asking every minute</a>`
    : html`<a href="/live">Ask anew every minute</a>`;
  return pageReply({
    title,
    lead: html`As of <time datetime="${isoSeconds(atMs)}">${isoSeconds(atMs).replace('T', ' ').replace('Z', ' UTC')}</time>. ${since} ${live}`,
    sections: SECTIONS.filter(([id]) => !(isLive && id === 'person')),
    ...(isLive ? { refresh: REFRESH_SECONDS } : {}),
    body: [
      problems.length > 0 ? problemsSection(problems) : null,
      flowsSection(overview),
      chartSection(overview.arrivals, atMs),
      sessionsSection(overview),
      quotaSection(overview),
      failuresSection(overview),
      isLive ? null : findSection(visitor),
    ],
  });
}

function problemsSection(problems: readonly Problem[]): Html {
  const items = problems.map(
    ({ what, why, todo, command, isAlert }) => html`<li class="${isAlert ? 'bad' : 'warn'}"><h3>${what}</h3>
<p>${why}</p><p><strong>What to do:</strong> ${todo}${command !== null && html` <code>${command}</code>`}</p></li>
`,
  );
  return section('problems', 'What to know', html`<ul class="problems">${items}</ul>`);
}

function flowsSection({ flows, paused: pauses, stuck, problems, atMs }: Overview): Html {
  const paused = new Set(pauses.map(({ flow }) => String(flow)));
  const lagging = new Set(problems.filter(({ kind }) => kind === 'flow_lag').map(({ subject }) => subject));
  const stateOf = ({ flow, problem }: (typeof flows)[number]): Html => {
    if (paused.has(flow) || (paused.has('all') && flow !== 'upkeep')) return tag('paused', 'warn');
    if (lagging.has(flow)) return tag('lags', 'bad');
    return problem === null ? tag('works', 'good') : tag('last run failed', 'warn');
  };
  const rows = flows.map((flow) => [
    flow.title,
    stateOf(flow),
    flow.lagMs < 1000 ? 'none' : duration(flow.lagMs),
    flow.lastRunAtMs === null ? 'never' : instant(flow.lastRunAtMs, atMs),
    flow.lastSuccessAtMs === null ? 'not yet' : instant(flow.lastSuccessAtMs, atMs),
    number(flow.waiting),
  ]);
  const heads = ['Flow', 'State', 'Lag', 'Last run', 'Last success', 'Due writes'];
  return section('flows', 'Flows', [
    table({ caption: 'What is carried from where to where, as far as it is switched on', heads, rows }),
    stuck.length > 0 ? html`<p>${tag('stuck', 'bad')} ${stuck.join(', ')}</p>` : null,
  ]);
}

function failuresSection({ failures, view }: Overview): Html {
  const rows = failures.map(({ id, what, cause, hint, count }) => [
    html`<code>${id}</code>`,
    number(count),
    what.replaceAll('_', ' '),
    cause,
    hint,
  ]);
  const stray = Object.entries(view.submissions_without_registration).filter(([, count]) => count > 0);
  return section('failures', 'Failures by cause', [
    rows.length === 0
      ? html`<p>Nothing has failed for good.</p>`
      : [
          table({
            caption: 'What waits for an admin, the largest group first',
            heads: ['Group', 'How many', 'What', 'Cause', 'What to do'],
            rows,
          }),
          html`<p class="small">Who they are: <code>livestorm-pardot failed show GROUP</code></p>`,
        ],
    stray.length > 0
      ? table({
          caption: 'Submissions that led to no session',
          heads: ['Reason', 'How many'],
          rows: stray.map(([outcome, count]) => [outcome.replaceAll('_', ' '), number(count)]),
        })
      : null,
  ]);
}
