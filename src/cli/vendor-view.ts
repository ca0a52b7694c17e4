import { WORK_CLASSES } from '../domain.ts';
import type { VendorJson } from '../status/vendor.ts';
import { table } from './table.ts';

/** Two tables: how much is left and until when, then our calls by what they were for. */
export function vendorsText(vendors: readonly VendorJson[]): string {
  if (vendors.length === 0) return '';
  const rows = vendors.map((vendor) => [
    vendor.vendor,
    `${vendor.calls_this_period} of ${vendor.budget ?? '-'}`,
    vendor.remaining === null ? '-' : `${vendor.remaining} of ${vendor.limit ?? '?'}`,
    vendor.exhausted_at ?? 'no',
    vendor.parks.map(({ reason, until }) => `${reason} until ${until}`).join(', ') || 'no',
    vendor.pace < 1 ? `${Math.round(vendor.pace * 100)} %` : 'full',
  ]);
  const classes = vendors.map((vendor) => [
    vendor.vendor,
    ...WORK_CLASSES.map((work) => String(vendor.calls_by_class[work])),
    String(vendor.others_this_period),
    vendor.period_ends_at,
  ]);
  return `${table(['vendor', 'calls', 'left, says the vendor', 'exhausted at', 'parked', 'pace'], rows)}\n${table(
    ['calls for', ...WORK_CLASSES, 'by others', 'until'],
    classes,
  )}`;
}
