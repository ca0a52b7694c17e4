import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import type { SecretKind } from './key.ts';
import { besideFile } from './paths.ts';
import { Secret } from './secret.ts';
import type { SecretReference, SecretSource } from './secret-reference.ts';
import { readHookUrl } from './urls.ts';

/** Where secrets are looked up. */
export interface SecretPlaces {
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** systemd's `$CREDENTIALS_DIRECTORY`. */
  readonly credentialsDirectory?: string | undefined;
  /** Reads a whole file as text; throws a Node file error when it cannot. */
  readonly readSecretFile: (path: string) => string;
}

/** A secret that cannot be used. Neither text repeats what the file or the secret says. */
export class SecretError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** Looks up and checks one secret; `warn` is told what was repaired. Throws `SecretError`. */
export function readSecret(
  reference: SecretReference,
  kind: SecretKind,
  places: SecretPlaces,
  warn: (message: string) => void,
): Secret {
  const [entry] = reference;
  if (entry === undefined) throw new Error('an unchecked secret reference');
  const [source, name] = entry;
  let value = lookUp(source, name, places).trim();
  if (kind === 'livestorm_token' && /^Bearer\b/i.test(value)) {
    value = value.replace(/^Bearer\s*/i, '');
    warn('the secret starts with "Bearer", which is left out: Livestorm expects the token alone');
  }
  if (value === '') throw new SecretError('the secret is empty', 'store the value where this line points to');
  if (kind === 'private_key') checkPrivateKey(value);
  else if (!/^[!-~]+$/.test(value)) {
    throw new SecretError(
      'the secret contains spaces, line breaks or non-ASCII characters',
      'store the value alone',
    );
  }
  if (kind === 'url') checkHookUrl(value);
  if (kind === 'access_token' && value.length < SHORTEST_TOKEN) {
    throw new SecretError(
      `the secret has fewer than ${SHORTEST_TOKEN} characters`,
      'make a long one, for example with: openssl rand -hex 32',
    );
  }
  return new Secret(value);
}

function lookUp(source: SecretSource, name: string, places: SecretPlaces): string {
  if (source === 'env') {
    const value = Object.hasOwn(places.env, name) ? places.env[name] : undefined;
    if (value === undefined) {
      throw new SecretError('the environment variable is not set', 'set it, or use { file: PATH }');
    }
    return value;
  }
  if (source === 'file') return readText(besideFile(name, places.file), places, FILE_FIX);
  if (places.credentialsDirectory === undefined) {
    throw new SecretError(
      'there are no systemd credentials ($CREDENTIALS_DIRECTORY is not set)',
      `${CREDENTIAL_FIX}; without systemd use { file: PATH } or { env: NAME }`,
    );
  }
  return readText(join(places.credentialsDirectory, name), places, CREDENTIAL_FIX);
}

const FILE_FIX = 'check the path (relative ones start at the folder of this file) and its permissions';
const CREDENTIAL_FIX =
  'put it into a file of this name beside the configuration, or where LoadCredential= of the unit says';

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  EFBIG: 'is too large for a secret',
};

function readText(path: string, places: SecretPlaces, fix: string): string {
  try {
    return places.readSecretFile(path);
  } catch (error) {
    const fault = FILE_FAULTS[(error as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be read';
    throw new SecretError(`the secret's file ${fault}`, fix);
  }
}

/** Too long to be guessed. */
const SHORTEST_TOKEN = 20;

function checkHookUrl(value: string): void {
  const reason = readHookUrl(value);
  if (reason !== null) throw new SecretError(`of the secret: ${reason}`, 'store an https URL');
}

function checkPrivateKey(pem: string): void {
  const fix = 'store the RSA private key in PEM form, without a passphrase';
  let type: string | undefined;
  try {
    type = createPrivateKey(pem).asymmetricKeyType;
  } catch {
    throw new SecretError('the secret is not a private key in PEM form', fix);
  }
  if (type !== 'rsa') throw new SecretError('the private key is not an RSA key', fix);
}
