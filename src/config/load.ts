import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { ConfigError, type ConfigProblem } from '../errors.ts';
import type { Config } from './config.ts';
import { type Explanation, explainConfig } from './explain.ts';
import { parseConfig, parseStateDir } from './parse.ts';
import { MAX_CONFIG_BYTES } from './yaml.ts';

const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Reads and checks the configuration and the secrets it points to; relative paths in it start at its own folder.
 * `env` is the environment of the process (secrets, `CREDENTIALS_DIRECTORY`, `STATE_DIRECTORY`).
 * Rejects with `ConfigError`, also when the file itself cannot be read. Writes nothing.
 */
export async function loadConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  const text = await readConfigFile(file);
  return parseConfig(text, { file, env, credentialsDirectory: env.CREDENTIALS_DIRECTORY, readSecretFile });
}

/** Where the state is, by a checked configuration whose secrets need not be at hand. Rejects as `loadConfig`. */
export async function loadStateDir(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return parseStateDir(await readConfigFile(file), { file, env });
}

/** The values of the file with their sources; the secrets need not be at hand. Rejects as `loadConfig`. */
export async function loadExplanation(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Explanation> {
  const text = await readConfigFile(file);
  return explainConfig(text, { file, env, credentialsDirectory: env.CREDENTIALS_DIRECTORY, readSecretFile });
}

async function readConfigFile(file: string): Promise<string> {
  const problem = (message: string, fix: string): ConfigError =>
    new ConfigError([{ path: '', message, fix } satisfies ConfigProblem], { file });
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw problem('is a folder', 'name the file inside it');
    if (!found.isFile()) throw problem('is not a regular file', 'name a file');
    if (found.size > MAX_CONFIG_BYTES) {
      throw problem(`larger than ${MAX_CONFIG_BYTES / 1024} KiB`, 'keep only configuration in this file');
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw problem('does not exist', 'name another file with --config, or start from config/example.yaml');
    }
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw problem('is not UTF-8 text', 'save it as UTF-8');
    throw problem(`cannot be read (${code ?? 'unknown reason'})`, 'check the permissions of the file');
  }
}

function readSecretFile(path: string): string {
  const found = statSync(path);
  if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  if (!found.isFile()) throw new Error('not a regular file');
  if (found.size > MAX_SECRET_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
  return readFileSync(path, 'utf8');
}
