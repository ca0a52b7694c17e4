import type { Code } from '../../doctor/codes/code.ts';
import { explainCode, explainOutcome } from '../../doctor/codes.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

/** `doctor --explain CODE`: what a vendor's code, or an outcome, means. Returns 1 for what nothing is known about. */
export function explainCommand(code: string, json: boolean, { write, writeError }: Terminal): number {
  const codes = explainCode(code);
  const outcome = explainOutcome(code);
  if (json) write(`${JSON.stringify({ code, meanings: codes, outcome }, null, 2)}\n`);
  else if (outcome !== null) write(`Outcome ${code}\n  ${outcome}\n`);
  else if (codes.length > 0) write(render(codes));
  else writeError(`nothing is known about ${code}\n  the message of the vendor beside it may tell more\n`);
  return codes.length > 0 || outcome !== null ? EXIT.ok : EXIT.failure;
}

const NAMES: Readonly<Record<Code['from'], string>> = {
  livestorm: 'Livestorm, HTTP',
  pardot: 'Account Engagement, code',
  salesforce: 'Salesforce,',
  network: 'Network,',
};

function render(codes: readonly Code[]): string {
  return codes
    .map(({ from, code, meaning, fix }) => `${NAMES[from]} ${code}\n  ${meaning}\n  fix: ${fix}\n`)
    .join('\n');
}
