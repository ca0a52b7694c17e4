import { WORK_CLASSES } from '../../domain.ts';
import { type Html, html, type Part } from '../html.ts';
import type { Overview } from '../overview.ts';
import type { VendorJson } from '../vendor.ts';
import { instant, number, VENDOR_NAMES } from '../words.ts';
import { bar, section, table, tag } from './shell.ts';

/** What is left of every vendor's calls, and until when. */
export function quotaSection({ vendors, atMs }: Overview): Html {
  if (vendors.length === 0) return section('quota', 'Quota', html`<p>No vendor has been called yet.</p>`);
  const rows = vendors.map((vendor) => [
    VENDOR_NAMES[vendor.vendor],
    stateOf(vendor),
    html`${number(vendor.calls_this_period)}${vendor.budget !== null && [` of ${number(vendor.budget)}`, spent(vendor.calls_this_period, vendor.budget)]}`,
    vendor.remaining === null
      ? 'not told'
      : `${number(vendor.remaining)}${vendor.limit === null ? '' : ` of ${number(vendor.limit)}`}`,
    vendor.exhausted_at === null ? 'they last' : instant(Date.parse(vendor.exhausted_at), atMs),
    Date.parse(vendor.period_ends_at) <= atMs
      ? 'at the next call'
      : instant(Date.parse(vendor.period_ends_at), atMs),
  ]);
  return section('quota', 'Quota', [
    table({
      caption: 'Calls in the current period of each vendor',
      heads: ['Vendor', 'State', 'Our calls', 'Left, says the vendor', 'Used up', 'Granted anew'],
      rows,
    }),
    html`<details><summary>What the calls were for</summary>${table({
      caption: 'Our calls in the current period, the most important first',
      heads: ['Vendor', ...WORK_CLASSES.map((work) => work), 'by others'],
      rows: vendors.map((vendor) => [
        VENDOR_NAMES[vendor.vendor],
        ...WORK_CLASSES.map((work) => number(vendor.calls_by_class[work])),
        number(vendor.others_this_period),
      ]),
    })}</details>`,
  ]);
}

function spent(calls: number, budget: number): Html {
  return bar(calls, budget, calls > budget * 0.9 ? 'hot' : 'full');
}

function stateOf({ parks, circuit, pace }: VendorJson): Part {
  const [first] = parks;
  if (first) return tag(`waits: ${first.reason}`, first.reason === 'auth' ? 'bad' : 'warn');
  if (circuit === 'trying') return tag('is tried again', 'warn');
  return pace < 1 ? tag(`pace ${Math.round(pace * 100)} %`, 'warn') : tag('answers', 'good');
}
