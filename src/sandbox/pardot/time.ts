const QUARTER_HOUR_MS = 900_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

/** `2025-05-16T11:27:08-07:00`: whole seconds, the zone's offset at that instant. pardot.md §2.5. */
export function renderInstant(atMs: number, timeZone: string): string {
  const offset = offsetMinutes(atMs, timeZone);
  const local = new Date(atMs + offset * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/** The calendar day `YYYY-MM-DD` of an instant in a zone. */
export function localDay(atMs: number, timeZone: string): string {
  return renderInstant(atMs, timeZone).slice(0, 10);
}

export interface DatetimeRules {
  readonly offsetlessDatetimes: 'rejected' | 'user_zone' | 'utc';
  readonly zuluDatetimes: 'accepted' | 'rejected';
  readonly userTimeZone: string;
}

/** Epoch milliseconds of a filter value, or undefined when the format is not accepted. */
export function parseInstant(text: string, rules: DatetimeRules): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const local = match?.[1];
  if (local === undefined) return undefined;
  const zone = match?.[2];
  if (zone === 'Z' && rules.zuluDatetimes === 'rejected') return undefined;
  const atMs = zone === undefined ? readOffsetless(local, rules) : Date.parse(local + zone);
  return atMs === undefined || Number.isNaN(atMs) ? undefined : atMs;
}

function readOffsetless(local: string, rules: DatetimeRules): number | undefined {
  if (rules.offsetlessDatetimes === 'rejected') return undefined;
  const asUtcMs = Date.parse(`${local}Z`);
  if (rules.offsetlessDatetimes === 'utc' || Number.isNaN(asUtcMs)) return asUtcMs;
  // The offset is the one in force at the result, so the first guess is corrected once.
  const guessMs = asUtcMs - offsetMinutes(asUtcMs, rules.userTimeZone) * 60_000;
  return asUtcMs - offsetMinutes(guessMs, rules.userTimeZone) * 60_000;
}

/** Minutes east of UTC; zones change only on quarter hours, which makes the answers worth keeping. */
function offsetMinutes(atMs: number, timeZone: string): number {
  const kept = offsets.get(timeZone) ?? new Map<number, number>();
  offsets.set(timeZone, kept);
  const quarter = Math.floor(atMs / QUARTER_HOUR_MS);
  const known = kept.get(quarter);
  if (known !== undefined) return known;
  const offset = askOffset(quarter * QUARTER_HOUR_MS, timeZone);
  kept.set(quarter, offset);
  return offset;
}

function askOffset(atMs: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  const name = format.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
