/** Ends a message about a name that is not known: what there is, a line each. */
export function thereAre(known: readonly string[]): string {
  return known.length === 0
    ? 'there is none yet'
    : ['there are', ...known.map((line) => `  ${line}`)].join('\n');
}
