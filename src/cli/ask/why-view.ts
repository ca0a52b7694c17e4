import { plural } from '../../plural.ts';
import type { PersonAnswer, StepView } from '../../questions/person.ts';
import { renderVendors, type VendorsSay } from './why-vendors.ts';

/** What `why --json` prints. */
export interface WhyView extends PersonAnswer {
  /** null unless the vendors were asked. */
  readonly vendors: VendorsSay | null;
}

export function renderWhy(view: WhyView): string {
  const { email, notes, sessions, without_session: stray, other_sessions: others, unknown } = view;
  const parts = [
    [email, ...notes.map((note) => `  ${note}`)],
    ...sessions.map(renderSession),
    ...(stray.length > 0 ? [['Submissions that led to no session', ...stray.flatMap(renderStep)]] : []),
    ...(others.length > 0
      ? [[`Also known in ${plural(others.length, 'other session')}: ${others.join(', ')}`]]
      : []),
    ...(unknown ? [renderUnknown(unknown, others.length > 0)] : []),
    ...(view.vendors ? [renderVendors(view.vendors)] : []),
  ];
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function renderSession(session: WhyView['sessions'][number]): string[] {
  const { name, session_id, status, pardot_campaign_id, list_id, salesforce_campaign_id } = session;
  return [
    `${name} (${status})`,
    `  ${session.answer}`,
    `  session ${session_id}, campaign ${pardot_campaign_id ?? 'awaited'} (Salesforce ${salesforce_campaign_id ?? 'none'}), list ${list_id ?? 'none'}`,
    ...session.steps.flatMap(renderStep),
  ];
}

function renderStep({ at, what, text, next, ids }: StepView): string[] {
  const named = Object.entries(ids).map(([name, id]) => `${name.replace('_', ' ')} ${id}`);
  const more = named.length > 0 ? `  [${named.join(', ')}]` : '';
  const line = `  ${(at ?? '').padEnd(20).slice(0, 20)}  ${what.padEnd(12)}  ${text}${more}`;
  return next === null ? [line] : [line, `${' '.repeat(38)}→ ${next}`];
}

function renderUnknown(unknown: NonNullable<WhyView['unknown']>, isKnownElsewhere: boolean): string[] {
  const { since, nearest, checks } = unknown;
  if (isKnownElsewhere) return ['Nothing is known of this address in this session.'];
  return [
    `No submission and no registration with this address since ${since?.slice(0, 19) ?? 'ever'}${since ? 'Z' : ''}.`,
    ...nearest.map(({ email, because }) => `  nearest: ${email} (${because})`),
    'Look at',
    ...checks.map((check) => `  - ${check}`),
  ];
}
