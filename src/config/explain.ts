import { readProspectFields, type WrittenProspectField } from './field-maps.ts';
import { eachKey, type Key } from './key.ts';
import { readKeys, stateDirOf } from './parse.ts';
import { besideFile } from './paths.ts';
import { plainValue } from './plain.ts';
import { type Place, Problems } from './problems.ts';
import type { RawConfig } from './schema.ts';
import { SCHEMA } from './schema.ts';
import type { SecretReference, SecretSource } from './secret-reference.ts';
import { readSecret, SecretError, type SecretPlaces } from './secrets.ts';

/** Where a value comes from: the file (1-based place), the schema, or an environment variable. */
export type ValueSource =
  | ({ readonly kind: 'file' } & Place)
  | { readonly kind: 'default' }
  | { readonly kind: 'env'; readonly name: string };

/** Where a secret is, and whether it can be used from here. */
export interface SecretPlace {
  readonly kind: SecretSource;
  /** The path as it is looked up, or the name of the variable or credential. */
  readonly name: string;
  /** Null when it can be used. */
  readonly problem: string | null;
}

export interface ExplainedValue {
  /** `flows.attendance`, `fields.registration.company`, `links.existing[0]`. */
  readonly path: string;
  /** As JSON; null where nothing counts as nothing. Secrets: `[secret]`. */
  readonly value: unknown;
  readonly source: ValueSource;
  /** What the missing of a value means, where that is not plain. */
  readonly meaning?: string;
  /** For secrets alone. */
  readonly secret?: SecretPlace;
}

export interface Explanation {
  readonly values: readonly ExplainedValue[];
  readonly warnings: readonly string[];
}

const MASK = '[secret]';

/**
 * Every value that counts, and where it comes from. Secrets need not be at hand, and none is in the result. Throws
 * `ConfigError` for what is wrong with the file itself.
 */
export function explainConfig(text: string, places: SecretPlaces): Explanation {
  const problems = new Problems();
  const warnings: string[] = [];
  const { raw } = readKeys(text, places.file, problems, warnings);
  if (problems.any) throw problems.toError(places.file);
  const sourceOf = (path: string): ValueSource => {
    const place = problems.placeOf(path);
    return place ? { kind: 'file', ...place } : { kind: 'default' };
  };
  const values = [...eachKey(SCHEMA)]
    .filter(({ key }) => !key.only || key.only.includes(raw.salesforce.auth))
    .flatMap(({ path, key }) => {
      const value = valueAt(raw, path);
      if (key.format === 'secret') return secretValue(path, value, key, sourceOf(path), places);
      return split(path, value, key).map((part) => withSource(part, sourceOf(part.path), key));
    })
    .map((part) => (part.path === 'state_dir' ? stateDirValue(raw, part.source, places) : part));
  return { values, warnings };
}

function valueAt(raw: RawConfig, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, name) => (node as Readonly<Record<string, unknown>>)[name], raw);
}

function withSource(
  part: { readonly path: string; readonly value: unknown },
  source: ValueSource,
  { otherwise }: Key,
): ExplainedValue {
  return { ...part, source, ...(source.kind === 'default' && otherwise ? { meaning: otherwise } : {}) };
}

/** The entries of maps and of links stand in places of their own. */
function split(path: string, value: unknown, key: Key): { path: string; value: unknown }[] {
  if (value instanceof Map && value.size > 0) {
    const entries =
      key.format === 'prospect_fields'
        ? readProspectFields(value as Map<string, WrittenProspectField>)
        : (value as Map<string, unknown>);
    return [...entries].map(([name, entry]) => ({ path: `${path}.${name}`, value: entry }));
  }
  if (key.format === 'existing_links' && Array.isArray(value) && value.length > 0) {
    return value.map((link: unknown, index) => ({ path: `${path}[${index}]`, value: plainValue(link) }));
  }
  return [{ path, value: plainValue(value) }];
}

function secretValue(
  path: string,
  reference: unknown,
  key: Key,
  source: ValueSource,
  places: SecretPlaces,
): ExplainedValue[] {
  if (!(reference instanceof Map)) return [{ path, value: null, source }];
  const [kind, name] = [...(reference as SecretReference)][0] ?? ['file', ''];
  const shown = kind === 'file' ? besideFile(name, places.file) : name;
  const secret = { kind, name: shown, problem: problemOf(reference as SecretReference, key, places) };
  return [{ path, value: MASK, source, secret }];
}

function problemOf(reference: SecretReference, { limits }: Key, places: SecretPlaces): string | null {
  try {
    readSecret(reference, limits?.secret ?? 'text', places, () => {});
    return null;
  } catch (error) {
    if (error instanceof SecretError) return error.message;
    throw error;
  }
}

/** Without a line in the file it comes from systemd. */
function stateDirValue(raw: RawConfig, written: ValueSource, places: SecretPlaces): ExplainedValue {
  const value = stateDirOf(raw, places);
  const fromEnv = written.kind === 'default' && Boolean(places.env.STATE_DIRECTORY);
  return { path: 'state_dir', value, source: fromEnv ? { kind: 'env', name: 'STATE_DIRECTORY' } : written };
}
