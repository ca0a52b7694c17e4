import type { LoggedRequest, RequestLog } from '../kernel/request-log.ts';
import { type Content, type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { actionButton, card, moment, table, tag } from './parts.ts';

const VENDORS = ['livestorm', 'pardot', 'salesforce'] as const;
const SHOWN = 200;

/** The request log with counts; the pages' own requests are left out. */
export function requestsPage(log: RequestLog, note: string | undefined): Page {
  const counts = [...log.counts()]
    .filter(([key]) => !key.startsWith('pages '))
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => countRow(key, count));
  const entries = log.entries().filter((entry) => entry.vendor !== 'pages');
  const latest = entries.slice(-SHOWN).reverse().map(entryRow);
  const totals = VENDORS.map((vendor) => html`${tag(`${vendor} ${log.total(vendor)}`)} `);
  return {
    title: 'Requests',
    section: '/requests',
    note,
    lead: html`Calls that clients made since the start or the last clearing. ${totals}`,
    body: html`${card('Calls by vendor and route', table('Calls', ['Vendor', 'Request', 'Calls'], counts, 'No request yet.'))}
${card(
  entries.length > SHOWN ? `Latest ${SHOWN} of ${entries.length}` : 'Latest first',
  html`${table('Requests', ['Time (UTC)', 'Vendor', 'Answer', 'Request', 'Fault'], latest, 'No request yet.')}
${actionButton('Clear the log', '/requests/clear', {}, 'danger')}`,
)}`,
  };
}

function countRow(key: string, count: number): Content[] {
  const [vendor = '', ...request] = key.split(' ');
  return [vendor, html`<code>${request.join(' ')}</code>`, count];
}

function entryRow(entry: LoggedRequest): Content[] {
  const query = entry.query === '' ? '' : `?${decodeURIComponent(entry.query)}`;
  return [
    moment(entry.atMs),
    entry.vendor,
    statusTag(entry.status),
    html`<code>${entry.method} ${entry.path}${query}</code>`,
    entry.fault ?? '',
  ];
}

function statusTag(status: number): Html {
  if (status === 0) return tag('none', 'bad');
  return tag(String(status), status < 400 ? 'good' : status < 500 ? 'warn' : 'bad');
}
