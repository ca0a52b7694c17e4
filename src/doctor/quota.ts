import type { Vendor } from '../domain.ts';
import type { Allowance } from '../governor/governor.ts';
import type { Area, Finding } from './finding.ts';
import { ok } from './finding.ts';

const AREA_OF: Readonly<Record<Vendor, Area>> = {
  livestorm: 'livestorm',
  pardot: 'account_engagement',
  salesforce: 'salesforce',
};
const PERIOD: Readonly<Record<Vendor, string>> = {
  livestorm: '30 days',
  pardot: 'the day',
  salesforce: '24 hours',
};
/** Below this share only registrations are sent. */
const RESERVE = 0.1;

/** What is left of a vendor's calls, by what its last answer said. */
export function tellQuota(vendor: Vendor, { limit, remaining }: Allowance, budget: number | null): Finding[] {
  const area = AREA_OF[vendor];
  const what = 'Calls left';
  if (limit === undefined || remaining === undefined) return [];
  const found = `${number(remaining)} of ${number(limit)} for ${PERIOD[vendor]}, all integrations together`;
  const own = tellBudget(vendor, limit, budget);
  if (remaining > limit * RESERVE) return [ok(area, what, found), ...own];
  const why =
    remaining === 0
      ? 'Nothing is sent until the vendor grants calls again.'
      : 'Below a tenth only registrations are sent; everything else waits.';
  const fix = 'See which other integration spends them, or buy more.';
  const level = remaining === 0 ? 'problem' : 'warning';
  return [
    { area, level, what, found, why, fix, ...(remaining === 0 ? { cause: 'temporary' as const } : {}) },
    ...own,
  ];
}

function tellBudget(vendor: Vendor, limit: number, budget: number | null): Finding[] {
  if (budget === null || budget <= limit) return [];
  const key = vendor === 'livestorm' ? 'livestorm.monthly_budget' : 'pardot.daily_budget';
  return [
    {
      area: AREA_OF[vendor],
      level: 'note',
      what: 'Budget',
      found: `${key} is ${number(budget)}, more than the ${number(limit)} that there are`,
      why: 'The connector may then use up what other integrations need.',
      fix: `Set ${key} to what this connector may spend.`,
    },
  ];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
