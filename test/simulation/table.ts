import type { Tally } from './tally.ts';

/** The faults by endpoint, as Markdown for the docs. */
export function markdown(tally: Tally): string {
  const rows = tally
    .byEndpoint()
    .map(
      ({ vendor, endpoint, kinds, missing, hit }) =>
        `| ${vendor} | \`${endpoint}\` | ${kinds - missing} of ${kinds} | ${hit.toLocaleString('en')} |`,
    );
  const missing = tally.missing().map((name) => `\`${name}\``);
  return [
    '| vendor | endpoint | kinds hit and recovered from | faults |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `${tally.seeds.toLocaleString('en')} seeds, ${tally.requests.toLocaleString('en')} requests, ` +
      `${tally.faults.toLocaleString('en')} faults, ${tally.kills.toLocaleString('en')} kills; ` +
      `${tally.cells.size - missing.length} of ${tally.cells.size} cells; ${tally.failures.length} seeds with violations.`,
    ...(missing.length > 0 ? ['', `Not reached: ${missing.join(', ')}.`] : []),
    '',
  ].join('\n');
}
