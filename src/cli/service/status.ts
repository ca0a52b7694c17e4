import { systemClock } from '../../clock.ts';
import { loadStateDir } from '../../config/load.ts';
import { readStatus, type StatusView } from '../../status/view.ts';
import { openStoreReadOnly } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { vendorsText } from '../vendor-view.ts';

export interface StatusOptions {
  readonly config: string;
  readonly json: boolean;
}

/** `status`: how every flow, vendor and session stands, read beside the running daemon. Shows no addresses. */
export async function statusCommand(options: StatusOptions, terminal: Terminal): Promise<number> {
  using store = openStoreReadOnly(await loadStateDir(options.config, terminal.env));
  const view = readStatus(store, (terminal.clock ?? systemClock).now());
  terminal.write(options.json ? `${JSON.stringify(view, null, 2)}\n` : render(view));
  return EXIT.ok;
}

function render(view: StatusView): string {
  const sections = [
    ...(view.paused.length > 0 ? [['Paused', paused(view)] as const] : []),
    ...(view.held.length > 0 ? [['Held, waiting for a decision', held(view)] as const] : []),
    ['Jobs', jobs(view)],
    ['Vendors', vendorsText(view.vendors)],
    ['Sessions', sessions(view)],
    ['Submissions without registration', counts(view.submissions_without_registration)],
    ['Work', work(view)],
    ['Decisions', decisions(view)],
  ] as const;
  const body = sections.map(([title, text]) => `${title}\n${text || '(none)\n'}`).join('\n');
  return `Active since ${view.activated_at ?? 'never started'}\n\n${body}`;
}

function jobs({ jobs: all }: StatusView): string {
  const rows = all.map((job) => [
    job.job,
    job.last_run_at ?? '-',
    job.last_success_at ?? 'never',
    counts(job.counts).replaceAll('\n', ' ').trim() || '-',
    job.problem ?? '',
  ]);
  return table(['job', 'last run', 'last success', 'did', 'problem'], rows);
}

function sessions({ sessions: all }: StatusView): string {
  const rows = all.map((session) => [
    session.name,
    session.status,
    session.pardot_campaign_id ? String(session.pardot_campaign_id) : 'awaiting mirror',
    session.list_id ? String(session.list_id) : '-',
    counts(session.registrations).replaceAll('\n', ' ').trim() || 'none',
    String(session.attendance_passes),
  ]);
  return table(['session', 'status', 'campaign', 'list', 'registrations', 'attendance readings'], rows);
}

function paused({ paused: all }: StatusView): string {
  const rows = all.map(({ flow, since, waiting }) => [flow, since, String(waiting)]);
  return table(['flow', 'since', 'writes that wait'], rows);
}

function held({ held: all }: StatusView): string {
  const rows = all.map(({ hold, what, people }) => [String(hold), what, String(people)]);
  return table(['hold', 'what', 'people'], rows);
}

function decisions({ decisions: all }: StatusView): string {
  const rows = all.map(({ at, action, subject, count, reason }) => [
    at ?? '',
    action,
    subject,
    String(count),
    reason ?? '',
  ]);
  return table(['when', 'what', 'about', 'number', 'reason'], rows);
}

function work({ effects }: StatusView): string {
  const rows = effects.map(({ kind, state, reason, count }) => [kind, state, reason ?? '', String(count)]);
  return table(['what', 'state', 'reason', 'number'], rows);
}

function counts(record: Readonly<Record<string, number>>): string {
  return Object.entries(record)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}\n`)
    .join('');
}
