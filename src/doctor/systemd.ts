import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ExplainedValue } from '../config/explain.ts';
import { type Finding, ok } from './finding.ts';

/** The first with LoadCredential=. */
const LEAST = 247;

/** Null where there is none. */
export async function readSystemdVersion(): Promise<string | null> {
  try {
    return (await promisify(execFile)('systemctl', ['--version'])).stdout;
  } catch {
    return null;
  }
}

/**
 * Whether systemd can hand over the credentials that the configuration names; nothing where it names none.
 * @param version what `systemctl --version` prints
 */
export function tellSystemd(version: string | null, values: readonly ExplainedValue[]): Finding[] {
  if (!values.some(({ secret }) => secret?.kind === 'credential')) return [];
  const area = 'machine';
  const what = 'systemd';
  const why = `Credentials (LoadCredential=) need version ${LEAST} or newer.`;
  const fix = 'use { file: PATH } for secrets, or a newer system';
  const told = /^systemd (\d+)/.exec(version ?? '')?.[1];
  if (told === undefined) return [{ area, level: 'warning', what, found: 'none on this machine', why, fix }];
  if (Number(told) >= LEAST) return [ok(area, what, `version ${told}`)];
  return [{ area, level: 'problem', what, found: `version ${told}`, why, fix }];
}
