/** What the checks made sure of. Throws where they did not: that is a bug, not a problem of the file. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new Error('a checked configuration lacks a required value');
  return value;
}
