import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExplainedValue, SecretPlace } from '../config/explain.ts';
import { type Finding, ok } from './finding.ts';

const AREA = 'machine';

/**
 * Who else may read the secrets that are files, and write the configuration.
 * @param credentials where systemd, or whoever stands in for it, puts credentials
 */
export async function checkFiles(
  config: string,
  values: readonly ExplainedValue[],
  credentials: string | undefined,
): Promise<Finding[]> {
  const files = values.flatMap(({ path, secret }) => {
    const file = secret && fileOf(secret, credentials);
    return file ? [{ path, file }] : [];
  });
  const findings = await Promise.all(files.map(({ path, file }) => checkSecretFile(path, file)));
  return [...(await checkConfigFile(config)), ...findings.flat()];
}

function fileOf({ kind, name }: SecretPlace, credentials: string | undefined): string | undefined {
  if (kind === 'file') return name;
  return kind === 'credential' && credentials !== undefined ? join(credentials, name) : undefined;
}

async function checkSecretFile(path: string, file: string): Promise<Finding[]> {
  const found = await stat(file).catch(() => null);
  // That it is missing is a problem of the configuration, and told there.
  if (!found) return [];
  const what = `Secret ${path}`;
  if ((found.mode & 0o077) === 0) return [ok(AREA, what, `${file}, for its owner alone`)];
  return [
    {
      area: AREA,
      level: 'warning',
      what,
      found: `${file} is open to others (mode ${(found.mode & 0o777).toString(8)})`,
      why: 'Who reads it can act as the connector.',
      fix: `chmod 600 ${file}`,
    },
  ];
}

async function checkConfigFile(file: string): Promise<Finding[]> {
  const found = await stat(file).catch(() => null);
  if (!found || (found.mode & 0o022) === 0) return [];
  return [
    {
      area: AREA,
      level: 'warning',
      what: 'Configuration file',
      found: `others may write it (mode ${(found.mode & 0o777).toString(8)})`,
      why: 'Whoever writes it decides where the secrets are sent.',
      fix: `chmod go-w ${file}`,
    },
  ];
}
