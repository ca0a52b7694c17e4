import { AREAS, type Area, type Finding, type Verdict, verdictOf } from '../../doctor/finding.ts';
import type { Vendor } from '../../domain.ts';
import { plural } from '../../plural.ts';

export interface DoctorView {
  readonly findings: readonly Finding[];
  /** Null when no vendor was called. */
  readonly calls: Readonly<Record<Vendor, number>> | null;
}

const WIDTH = 'problem'.length;

/**
 * For people: one line per finding, by area, and under it what comes of it and what to do.
 * @param quiet leaves out what is ok
 */
export function renderDoctor({ findings, calls }: DoctorView, quiet: boolean): string {
  const shown = findings.filter(({ level }) => !quiet || level !== 'ok');
  const areas = (Object.keys(AREAS) as Area[]).flatMap((area) => {
    const lines = shown.filter((finding) => finding.area === area).flatMap(findingLines);
    return lines.length > 0 ? [AREAS[area], ...lines, ''] : [];
  });
  return `${[...areas, summary(findings), ...(calls ? [callsLine(calls)] : [])].join('\n')}\n`;
}

function findingLines({ level, what, found, means, why, fix, code }: Finding): string[] {
  const under = (label: string, text: string): string => `  ${' '.repeat(WIDTH)}    ${label}${text}`;
  return [
    `  ${level.padEnd(WIDTH)}  ${what}: ${found}`,
    ...(means ? [under('means: ', means)] : []),
    ...(why ? [under('why: ', why)] : []),
    ...(fix ? [under('fix: ', fix)] : []),
    ...(code ? [under('more: ', `livestorm-pardot doctor --explain ${code}`)] : []),
  ];
}

const VERDICTS: Readonly<Record<Exclude<Verdict, 'ok' | 'warnings'>, string>> = {
  configuration: ' The configuration has to be corrected.',
  permission: ' Credentials or permissions have to be corrected.',
  temporary: ' They pass by themselves; try again later.',
  problems: '',
};

function summary(findings: readonly Finding[]): string {
  const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const verdict = verdictOf(findings);
  if (verdict === 'ok') return 'Everything that can be looked at is in order.';
  const told = `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`;
  return verdict === 'warnings' ? told : told + VERDICTS[verdict];
}

function callsLine({ livestorm, pardot, salesforce }: Readonly<Record<Vendor, number>>): string {
  return `Calls made: Livestorm ${livestorm}, Account Engagement ${pardot}, Salesforce ${salesforce}.`;
}

/** What `doctor --json` prints. */
export function doctorJson({ findings, calls }: DoctorView): unknown {
  return {
    verdict: verdictOf(findings),
    calls,
    findings: findings.map(({ area, level, what, found, means, why, fix, code, cause }) => ({
      ...{ area, level, what, found },
      ...{
        means: means ?? null,
        why: why ?? null,
        fix: fix ?? null,
        code: code ?? null,
        cause: cause ?? null,
      },
    })),
  };
}
