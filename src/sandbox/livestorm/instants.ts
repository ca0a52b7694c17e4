/**
 * Reads an instant as the API accepts it (vendor sheet §8, §10): Unix seconds, or ISO 8601, where a date
 * without zone is local to `timezone`. Epoch milliseconds; undefined when it is none.
 */
export function parseInstant(value: unknown, timezone: string): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value * 1000 : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(value);
  if (!match) return undefined;
  const [, date, time = '00:00', zone] = match;
  const utcMs = Date.parse(`${date}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(utcMs)) return undefined;
  return zone ? utcMs : localToUtc(utcMs, timezone);
}

function localToUtc(localMs: number, timezone: string): number | undefined {
  try {
    const guessMs = localMs - offsetMs(localMs, timezone);
    return localMs - offsetMs(guessMs, timezone);
  } catch {
    return undefined; // no such zone
  }
}

function offsetMs(atMs: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  const name = parts.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
