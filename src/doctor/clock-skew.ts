import { MINUTE, SECOND } from '../clock.ts';
import type { Vendor } from '../domain.ts';
import { type Finding, ok } from './finding.ts';

/** One answer of a vendor: its time, and ours before and after. Epoch milliseconds. */
export interface VendorTime {
  readonly vendor: Vendor;
  /** The header Date, in whole seconds. */
  readonly dateMs: number;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

const WHOSE: Readonly<Record<Vendor, string>> = {
  livestorm: 'Livestorm’s',
  pardot: 'Account Engagement’s',
  salesforce: 'Salesforce’s',
};

const TOLERATED_MS = MINUTE;
/** A login with a key pair is good for 180 seconds from our clock. */
const JWT_FAILS_MS = 150 * SECOND;

/** How far this machine's clock is from the vendors', by the answer that tells it best. */
export function tellClock(times: readonly VendorTime[]): Finding[] {
  const [best] = times.toSorted((a, b) => a.answeredAtMs - a.sentAtMs - (b.answeredAtMs - b.sentAtMs));
  if (!best) return [];
  const skewMs = Math.round((best.sentAtMs + best.answeredAtMs) / 2 - (best.dateMs + SECOND / 2));
  const what = 'Clock';
  const area = 'machine';
  if (Math.abs(skewMs) <= TOLERATED_MS) return [ok(area, what, `within a minute of ${WHOSE[best.vendor]}`)];
  const found = `${Math.round(Math.abs(skewMs) / SECOND)} seconds ${skewMs > 0 ? 'ahead of' : 'behind'} ${WHOSE[best.vendor]}`;
  const why = 'Logins with a key pair are refused beyond three minutes, and times in the log mislead.';
  const fix = 'Let the machine keep time: timedatectl set-ntp true.';
  return [{ area, level: Math.abs(skewMs) > JWT_FAILS_MS ? 'problem' : 'warning', what, found, why, fix }];
}
