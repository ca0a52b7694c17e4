import { isoSeconds } from '../clock.ts';
import type { Vendor } from '../domain.ts';
import type { SavedGovernor } from '../governor/state.ts';
import type { Area, Finding } from './finding.ts';

const AREA_OF: Readonly<Record<Vendor, Area>> = {
  livestorm: 'livestorm',
  pardot: 'account_engagement',
  salesforce: 'salesforce',
};

/** Pauses that the daemon keeps and doctor does not. */
export function tellParks(vendor: Vendor, saved: SavedGovernor | undefined, nowMs: number): Finding[] {
  const { auth = 0, allowance = 0 } = saved?.parks ?? {};
  const finding = (found: string, why: string, fix: string): Finding => ({
    area: AREA_OF[vendor],
    level: 'warning',
    what: 'Pause of the service',
    found,
    why,
    fix,
  });
  return [
    ...(auth > nowMs
      ? [
          finding(
            `credentials were refused; it tries again at ${isoSeconds(auth)}`,
            'Until then nothing is asked of this vendor.',
            'With a new token or key restart the service: it then tries at once. With the same ones it waits until then.',
          ),
        ]
      : []),
    ...(allowance > nowMs
      ? [
          finding(
            `the allowance of contacts is used up; it tries again at ${isoSeconds(allowance)}`,
            'Until then nobody is registered; everything else goes on.',
            'Upgrade the plan, or wait for its next month: doctor --explain 402.',
          ),
        ]
      : []),
  ];
}
