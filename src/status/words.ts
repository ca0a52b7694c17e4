import { DAY, HOUR, isoSeconds, MINUTE, SECOND } from '../clock.ts';
import type { Vendor } from '../domain.ts';
import { type Html, html } from './html.ts';

/** `1 thing`, `2 things`. */
export function times(count: number, one: string): string {
  return `${number(count)} ${count === 1 ? one : `${one}s`}`;
}

/** With commas: `10,000`. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** In the largest unit that fits: `45 s`, `3 min`, `2 h 5 min`, `4 d`. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < DAY) {
    const minutes = Math.round((ms % HOUR) / MINUTE);
    return minutes === 0 || minutes === 60
      ? `${Math.round(ms / HOUR)} h`
      : `${Math.floor(ms / HOUR)} h ${minutes} min`;
  }
  return `${Math.round(ms / DAY)} d`;
}

export const VENDOR_NAMES: Readonly<Record<Vendor, string>> = {
  livestorm: 'Livestorm',
  pardot: 'Account Engagement',
  salesforce: 'Salesforce',
};

/** `2026-03-02 14:00 UTC`, from ISO 8601. */
export function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** An instant as people read it, with how far away it is: `2026-03-02 14:00 UTC (3 min ago)`. */
export function instant(atMs: number, nowMs: number): Html {
  const iso = isoSeconds(atMs);
  const away = Math.abs(nowMs - atMs);
  const relative = atMs <= nowMs ? `${duration(away)} ago` : `in ${duration(away)}`;
  return html`<time datetime="${iso}">${minuteOf(iso)}</time> <span class="away quiet">(${relative})</span>`;
}
