import { AuthError, ParkedError, RetryableError, type VendorError } from '../errors.ts';
import { blameFor } from '../setup/blame.ts';
import type { Step } from '../setup/step.ts';
import { codeOf } from './codes.ts';

/** `note`: nothing is wrong, but this cannot be told from here, or is worth knowing. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

export const AREAS = {
  configuration: 'Configuration',
  machine: 'This machine',
  livestorm: 'Livestorm',
  salesforce: 'Salesforce',
  account_engagement: 'Account Engagement',
  fields: 'Fields',
} as const;
export type Area = keyof typeof AREAS;

/** Whom a problem is to be taken to; `temporary` ones pass by themselves. */
export type Cause = 'configuration' | 'permission' | 'temporary';

export interface Finding {
  readonly area: Area;
  readonly level: Level;
  readonly what: string;
  readonly found: string;
  /** The vendor's code in words. */
  readonly means?: string | undefined;
  /** What comes of it. */
  readonly why?: string | undefined;
  readonly fix?: string | undefined;
  /** The vendor's own, for `doctor --explain`. */
  readonly code?: string | undefined;
  readonly cause?: Cause | undefined;
}

export type Verdict = 'ok' | 'warnings' | 'problems' | Cause;

/** What all findings together amount to: the problem that has to be solved first. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const problems = findings.filter(({ level }) => level === 'problem');
  if (problems.length === 0) return findings.some(({ level }) => level === 'warning') ? 'warnings' : 'ok';
  const causes = problems.map(({ cause }) => cause);
  if (causes.includes('configuration')) return 'configuration';
  if (causes.includes('permission')) return 'permission';
  return causes.every((cause) => cause === 'temporary') ? 'temporary' : 'problems';
}

export function ok(area: Area, what: string, found: string): Finding {
  return { area, level: 'ok', what, found };
}

/** A vendor that did not give what was asked for. */
export function refused(area: Area, what: string, error: VendorError, why: string): Finding {
  const code = error.code ?? (error.vendor === 'livestorm' ? error.status : undefined);
  const known = codeOf(error.vendor, code);
  return {
    ...{ area, level: 'problem', what, found: error.message, why },
    means: known?.meaning,
    fix: error.hint ?? known?.fix ?? 'try again later',
    code: code === undefined ? undefined : String(code),
    cause: causeOf(error),
  };
}

function causeOf(error: VendorError): Cause | undefined {
  const blame = blameFor(error);
  if (blame) return blame;
  if (error instanceof AuthError) return 'permission';
  if (error instanceof ParkedError) return error.reason === 'auth' ? 'permission' : 'temporary';
  return error instanceof RetryableError ? 'temporary' : undefined;
}

/** One line of the setup plan; nothing for what is not needed. */
export function fromStep(area: Area, step: Step, why: string): Finding[] {
  const { state, found, byHand, action, advisory = false, what, blame } = step;
  if (state === 'unneeded') return [];
  if (state === 'ok') return [ok(area, what, found)];
  const fix = action ? `run setup --apply${byHand ? `, or: ${byHand}` : ''}` : byHand;
  return [{ area, level: advisory ? 'warning' : 'problem', what, found, why, fix, cause: blame }];
}
