import type { Format } from './format.ts';

export const SECRET_SOURCES = ['file', 'env', 'credential'] as const;
export type SecretSource = (typeof SECRET_SOURCES)[number];
/** Exactly one entry once it is checked. */
export type SecretReference = ReadonlyMap<SecretSource, string>;

export const SOURCE_NAME: Record<SecretSource, RegExp> = {
  file: /^(?!-----)[^\p{Cc}]{1,200}$/u,
  env: /^[A-Za-z_][A-Za-z0-9_]{0,99}$/,
  credential: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
};
const SECRET_FIX = 'write { file: PATH }, { env: NAME } or { credential: NAME }';

/** A pointer to a secret. No finding repeats anything of the value: it may be the secret itself. */
export const SECRET: Format = {
  expects: () => 'a reference to a secret: `{ file: … }`, `{ env: … }` or `{ credential: … }`',
  check: (value) => {
    if (typeof value === 'string') {
      return [{ message: 'a secret may not be written into this file', fix: SECRET_FIX }];
    }
    const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : [];
    const [source, name] = entries[0] ?? ['', ''];
    const pattern = SECRET_SOURCES.includes(source as SecretSource)
      ? SOURCE_NAME[source as SecretSource]
      : null;
    if (entries.length !== 1 || pattern === null) {
      return [{ message: 'expected exactly one of file, env, credential', fix: SECRET_FIX }];
    }
    if (typeof name === 'string' && pattern.test(name)) return [];
    return [{ message: `this is not the name of a secret's ${source}`, fix: SECRET_FIX }];
  },
};
