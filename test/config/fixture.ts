import { generateKeyPairSync } from 'node:crypto';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { SecretPlaces } from '../../src/config/secrets.ts';
import { ConfigError, type ConfigProblem } from '../../src/errors.ts';

export const PRIVATE_KEY = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

export const ENV = { TOKEN: 'livestorm-token-value', KEY: PRIVATE_KEY };

/** The shortest configuration without a problem; further lines may follow. */
export const MINIMAL = `livestorm:
  api_token: { env: TOKEN }
pardot:
  business_unit_id: 0Uv000000000000AAA
salesforce:
  client_id: key
  username: u@example.com
  private_key: { env: KEY }
`;

export function parse(text: string, places: Partial<SecretPlaces> = {}): Config {
  return parseConfig(text, { env: ENV, readSecretFile: noFile, ...places });
}

function noFile(): never {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
}

export function problemsOf(run: () => unknown): readonly ConfigProblem[] {
  return errorOf(run).problems;
}

export function errorOf(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no ConfigError was thrown');
}

/** `12:5 fields.registration.company`, for terse comparisons. */
export function places(problems: readonly ConfigProblem[]): string[] {
  return problems.map(({ path, line, column }) => `${line ?? '-'}:${column ?? '-'} ${path}`);
}
