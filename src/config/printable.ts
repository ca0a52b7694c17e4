const CONTROL = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu;
const MAX_LENGTH = 40;
/** Longer text may be a token on the wrong line, and is not repeated. */
const MAX_REPEATED = 24;

/** Text from the file, safe to show on a terminal: no control characters, never long. */
export function printable(text: string, longest = MAX_LENGTH): string {
  const clean = text.replace(CONTROL, '\u{fffd}');
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

/** What stands in the file, for "expected …, found …". */
export function describeFound(value: unknown): string {
  if (value === null || value === '') return 'nothing';
  if (value instanceof Map) return 'a map';
  if (Array.isArray(value)) return 'a list';
  const text = String(value);
  return text.length > MAX_REPEATED ? `text of ${text.length} characters` : `'${printable(text)}'`;
}
