import { SECOND } from '../clock.ts';
import { WORK_CLASSES } from '../domain.ts';
import type { ParkReason } from '../errors.ts';
import type { Facts } from './facts.ts';
import { gauge, type Metric, type Sample } from './metric.ts';
import type { VendorJson } from './vendor.ts';

const PARK_REASONS: readonly ParkReason[] = ['auth', 'quota', 'allowance', 'rate', 'circuit'];

/** Quota, pauses and pace of each vendor. Calls begin anew with each period of the vendor's quota: gauges. */
export function vendorMetrics(ours: string, { vendors, atMs }: Facts): Metric[] {
  const each = (value: (vendor: VendorJson) => number | null): Sample[] =>
    vendors.flatMap((vendor) => {
      const known = value(vendor);
      return known === null ? [] : [{ labels: { vendor: vendor.vendor }, value: known }];
    });
  return [
    gauge(
      `${ours}_vendor_period_calls`,
      'Our calls in the current period of the quota, by what they were for.',
      vendors.flatMap(({ vendor, calls_by_class }) =>
        WORK_CLASSES.map((work) => ({ labels: { vendor, work }, value: calls_by_class[work] })),
      ),
    ),
    gauge(
      `${ours}_vendor_period_calls_by_others`,
      'Calls of other integrations in the current period, as far as the vendor tells.',
      each(({ others_this_period }) => others_this_period),
    ),
    gauge(
      `${ours}_vendor_budget_calls`,
      'Our own limit for the period.',
      each(({ budget }) => budget),
    ),
    gauge(
      `${ours}_vendor_limit_calls`,
      'What the vendor grants to all together.',
      each(({ limit }) => limit),
    ),
    gauge(
      `${ours}_vendor_remaining_calls`,
      'What the vendor says is left of it.',
      each(({ remaining }) => remaining),
    ),
    gauge(
      `${ours}_vendor_exhaustion_seconds`,
      'Until the calls are used up, if things go on as in the last day; +Inf when they last.',
      each(({ exhausted_at }) =>
        exhausted_at === null
          ? Number.POSITIVE_INFINITY
          : Math.max(0, (Date.parse(exhausted_at) - atMs) / SECOND),
      ),
    ),
    gauge(
      `${ours}_vendor_parked`,
      'Whether the vendor is not called (1), by reason.',
      vendors.flatMap(({ vendor, parks }) =>
        PARK_REASONS.map((reason) => ({
          labels: { vendor, reason },
          value: parks.some((park) => park.reason === reason) ? 1 : 0,
        })),
      ),
    ),
    gauge(
      `${ours}_vendor_circuit_open`,
      'Whether the vendor does not answer: 1 left alone, 0.5 tried by one call at a time.',
      each(({ circuit }) => ({ closed: 0, trying: 0.5, open: 1 })[circuit]),
    ),
    gauge(
      `${ours}_vendor_pace_ratio`,
      'Share of the allowed pace that is used; below 1 after complaints.',
      each(({ pace }) => pace),
    ),
  ];
}
