/** Salesforce campaign names hold 80 UTF-16 units (salesforce.md §2.3). */
const LONGEST = 80;

/**
 * Name of a session's campaign and list: event title, date and time in UTC. A long title is cut, the date never;
 * a surrogate pair is never split.
 */
export function linkName(title: string, startsAtMs: number | null): string {
  const suffix = dateSuffix(startsAtMs);
  return cut(title.trim().replaceAll(/\s+/g, ' ') || 'Livestorm session', LONGEST - suffix.length) + suffix;
}

const DATE = / - (no date|\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC)$/;

/** Whether a name looks like one that was made here, and not like one that somebody gave. */
export function isLinkName(name: string): boolean {
  return DATE.test(name);
}

/** The same name with another date. */
export function redated(name: string, startsAtMs: number | null): string {
  const title = name.replace(DATE, '');
  return linkName(title, startsAtMs);
}

function dateSuffix(startsAtMs: number | null): string {
  if (startsAtMs === null) return ' - no date';
  return ` - ${new Date(startsAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The name of a list whose plain name is already taken by somebody else's. */
export function distinctName(name: string, sessionId: string): string {
  const suffix = ` #${sessionId.slice(0, 8)}`;
  return cut(name, LONGEST - suffix.length) + suffix;
}

function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  const end = units - 1;
  const isSplitPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return `${text.slice(0, isSplitPair ? end - 1 : end).trimEnd()}…`;
}
