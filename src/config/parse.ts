import { buildConfig, type Config } from './config.ts';
import { eachKey } from './key.ts';
import { matchSchema, type Written } from './match.ts';
import { besideFile } from './paths.ts';
import { Problems } from './problems.ts';
import { checkRules } from './rules.ts';
import { type RawConfig, SCHEMA } from './schema.ts';
import type { Secret } from './secret.ts';
import type { SecretReference } from './secret-reference.ts';
import { readSecret, SecretError, type SecretPlaces } from './secrets.ts';
import { validate } from './validate.ts';
import { readYaml } from './yaml.ts';

/**
 * Text of the YAML file to configuration. Throws one `ConfigError` with all problems at once, in the order of the
 * file; no problem and no warning ever contains a secret, also not one written into the file by mistake.
 */
export function parseConfig(text: string, options: SecretPlaces): Config {
  const problems = new Problems();
  const warnings: string[] = [];
  const { raw, written } = readKeys(text, options.file, problems, warnings);
  const secrets = readSecrets(raw, written, options, problems, warnings);
  if (problems.any) throw problems.toError(options.file);
  return buildConfig(raw, { secrets, warnings, stateDir: stateDirOf(raw, options) });
}

/** Where the state is, for commands that call nobody: the secrets need not be at hand. Throws as `parseConfig`. */
export function parseStateDir(text: string, options: Pick<SecretPlaces, 'file' | 'env'>): string {
  const problems = new Problems();
  const { raw } = readKeys(text, options.file, problems, []);
  if (problems.any) throw problems.toError(options.file);
  return stateDirOf(raw, options);
}

/** The keys of the file over the defaults; sound only when no problem was added. Throws for what is no YAML map. */
export function readKeys(
  text: string,
  file: string | undefined,
  problems: Problems,
  warnings: string[],
): { raw: RawConfig; written: Written } {
  const root = readYaml(text, problems);
  if (root === null) throw problems.toError(file);
  const written = matchSchema(root, problems);
  const raw = validate(written, problems);
  checkRules(raw, problems, (message) => warnings.push(message));
  return { raw, written };
}

function readSecrets(
  raw: RawConfig,
  written: Written,
  places: SecretPlaces,
  problems: Problems,
  warnings: string[],
): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>();
  for (const { path, key } of eachKey(SCHEMA)) {
    const kind = key.limits?.secret;
    if (kind === undefined || !written.has(path) || problems.concerns(path)) continue;
    if (key.only && !key.only.includes(raw.salesforce.auth)) continue;
    const reference = written.get(path) as SecretReference;
    try {
      secrets.set(
        path,
        readSecret(reference, kind, places, (text) => warnings.push(`${path}: ${text}`)),
      );
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      problems.add(path, error.message, error.fix);
    }
  }
  return secrets;
}

/** systemd names several folders with colons between them; the unit asks for one. */
export function stateDirOf(raw: RawConfig, { file, env }: Pick<SecretPlaces, 'file' | 'env'>): string {
  if (raw.state_dir !== null) return besideFile(raw.state_dir, file);
  return env.STATE_DIRECTORY?.split(':')[0] || 'data';
}
