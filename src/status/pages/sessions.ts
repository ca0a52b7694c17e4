import { type Html, html } from '../html.ts';
import { MOST_FUNNELS, type Overview } from '../overview.ts';
import { instant, number } from '../words.ts';
import { bar, section, table, tag } from './shell.ts';

/** How far the people of each session have come: submitted → registered → attended → written. */
export function sessionsSection({ funnels, view: { sessions }, atMs }: Overview): Html {
  if (funnels.length === 0) {
    return section(
      'sessions',
      'Sessions',
      html`<p>No session is linked yet. One is as soon as it is created and published in Livestorm.</p>`,
    );
  }
  const byId = new Map(sessions.map((session) => [session.session_id, session]));
  const rows = funnels.map(({ sessionId, submitted, registered, attended, written }) => {
    const session = byId.get(sessionId);
    const most = Math.max(submitted, registered, attended);
    const step = (count: number): Html => html`${number(count)}${bar(count, most)}`;
    const startsAt = session?.starts_at ?? null;
    return [
      session?.name ?? sessionId,
      [
        tag((session?.status ?? 'unknown').replaceAll('_', ' '), session?.status === 'live' ? 'good' : 'off'),
        session?.pardot_campaign_id === null ? html` ${tag('awaits its campaign', 'warn')}` : null,
      ],
      startsAt === null ? '-' : instant(Date.parse(startsAt), atMs),
      step(submitted),
      step(registered),
      step(attended),
      written === null ? 'erased by age' : step(written),
    ];
  });
  const more =
    sessions.length > MOST_FUNNELS ? `, the latest ${MOST_FUNNELS} of ${number(sessions.length)}` : '';
  return section(
    'sessions',
    'Sessions',
    table({
      caption: `How far people have come${more}. Registered: in Livestorm, from whichever side. Written: attendance or absence, to Account Engagement`,
      heads: ['Session', 'State', 'Start', 'Submitted a form', 'Registered', 'Attended', 'Written'],
      rows,
    }),
  );
}
