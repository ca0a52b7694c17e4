import { FAULT_KINDS, type FaultKind, type FaultRule, type Faults } from '../kernel/faults.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { actionButton, card, field, form, select, table } from './parts.ts';

const VENDORS = ['livestorm', 'pardot', 'salesforce'] as const;

const KIND_TEXTS: Readonly<Record<FaultKind, string>> = {
  reset_before: 'connection reset, nothing applied',
  reset_after: 'applied, then connection reset',
  stall_before: 'no answer, nothing applied',
  stall_after: 'applied, no answer',
  cut_body: 'applied, body cut in the middle',
  stall_body: 'applied, body stalls in the middle',
  html_500_before: 'HTML 500, nothing applied',
  html_500_after: 'applied, then HTML 500',
  html_503: 'HTML 503, nothing applied',
  empty_body: 'applied, empty body',
  redirect: 'redirect to another host',
  status: 'another status, nothing applied',
};

/** What goes wrong on the way: armed faults and a form to arm more. */
export function faultsPage(faults: Faults, note: string | undefined): Page {
  const rows = faults
    .list()
    .map(({ rule, left, hits }) => [
      rule.vendor,
      describeKind(rule),
      html`<code>${rule.match?.source.replaceAll('\\/', '/') ?? 'every request'}</code>`,
      rule.skip ?? 0,
      Number.isFinite(left) ? left : 'no end',
      hits,
    ]);
  const columns = ['Vendor', 'What happens', 'Requests', 'Let pass first', 'Left', 'Hit'];
  const clear = rows.length > 0 && actionButton('Clear all faults', '/faults/clear', {}, 'danger');
  return {
    title: 'Faults',
    section: '/faults',
    note,
    lead: 'Trouble on the way between a client and a vendor, played on the real connection.',
    body: html`${card('Armed', html`${table('Armed faults', columns, rows, 'None. Every request passes unharmed.')}${clear}`)}
${card('Arm a fault', armForm())}`,
  };
}

function armForm(): ReturnType<typeof html> {
  const kinds = FAULT_KINDS.map((kind) => [kind, `${kind} (${KIND_TEXTS[kind]})`] as const);
  const inputs = html`<div class="grid">
${select(
  'Vendor',
  'vendor',
  VENDORS.map((vendor) => [vendor, vendor] as const),
)}
${select('What happens', 'kind', kinds)}
${field('Requests', 'match', { hint: 'pattern of “METHOD /path”, empty: all' })}
${field('Let pass first', 'skip', { type: 'number', value: '0' })}
${field('How many', 'times', { type: 'number', value: '1', hint: 'empty: no end' })}
${field('Status', 'status', { type: 'number', hint: 'for the kind “status”' })}
</div>`;
  return form('/faults', inputs, html`<button>Arm</button>`);
}

function describeKind(rule: FaultRule): string {
  const status = rule.kind === 'status' ? ` (${rule.reply?.status ?? 500})` : '';
  return `${rule.kind}${status}: ${KIND_TEXTS[rule.kind]}`;
}

/** The rule a filled-in form asks for. Throws `RangeError` with a text for the person who filled it in. */
export function readFault(values: URLSearchParams): FaultRule {
  const vendor = VENDORS.find((name) => name === values.get('vendor'));
  const kind = FAULT_KINDS.find((name) => name === values.get('kind'));
  if (!vendor || !kind) throw new RangeError('Unknown vendor or kind of fault');
  const times = count(values, 'times');
  const status = count(values, 'status');
  const match = pattern(values.get('match') ?? '');
  return {
    vendor,
    kind,
    skip: count(values, 'skip') ?? 0,
    ...(match ? { match } : {}),
    ...(times === undefined ? {} : { times }),
    ...(kind === 'status' ? { reply: { status: inStatusRange(status ?? 500) } } : {}),
  };
}

function count(values: URLSearchParams, name: string): number | undefined {
  const text = (values.get(name) ?? '').trim();
  if (text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`“${text}” is not a whole number`);
  return Number(text);
}

function inStatusRange(status: number): number {
  if (status < 200 || status > 599) throw new RangeError(`${status} is not an HTTP status from 200 to 599`);
  return status;
}

function pattern(text: string): RegExp | undefined {
  if (text.trim() === '') return undefined;
  try {
    return new RegExp(text);
  } catch {
    throw new RangeError(`“${text}” is not a regular expression`);
  }
}
