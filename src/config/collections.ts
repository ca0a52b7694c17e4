import { ATTENDANCE_VALUES } from '../domain.ts';
import type { Finding, Format } from './format.ts';
import { nearest } from './nearest.ts';
import { describeFound } from './printable.ts';

export const SECRET_SOURCES = ['file', 'env', 'credential'] as const;
export type SecretSource = (typeof SECRET_SOURCES)[number];
/** Exactly one entry once it is checked. */
export type SecretReference = ReadonlyMap<SecretSource, string>;

const API_NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;
/** Writing these would move or rename the prospect, or touch its source campaign. */
const NOT_WRITABLE = new Set(['id', 'email', 'campaignid', 'salesforceid']);

function list(
  expects: string,
  itemText: string,
  example: string,
  accepts: (item: string) => boolean,
): Format {
  const check = (value: unknown): readonly Finding[] => {
    if (!Array.isArray(value)) {
      return [{ message: `expected ${expects}, found ${describeFound(value)}`, fix: `write ${example}` }];
    }
    return value.flatMap((item: unknown, index) => {
      if (typeof item === 'string' && accepts(item)) return [];
      const message = `expected ${itemText}, found ${describeFound(item)}`;
      return [{ message, fix: `write ${example}`, within: `[${index}]` }];
    });
  };
  return { expects: () => expects, check };
}

export const DOMAINS = list(
  'a list of domains',
  'a domain without @ and without wildcard',
  'domains like [example.com, example.org]',
  (item) => DOMAIN.test(item),
);

export const GLOBS = list(
  'a list of event titles or ids, with * as wildcard',
  'an event title or id of at most 200 characters',
  'titles in quotes, like ["Demo *"]',
  (item) => item !== '' && item.length <= 200,
);

function map(
  expects: string,
  example: string,
  checkEntry: (key: string, value: unknown) => Omit<Finding, 'within'> | null,
): Format {
  const check = (value: unknown): readonly Finding[] => {
    if (!(value instanceof Map)) {
      return [{ message: `expected ${expects}, found ${describeFound(value)}`, fix: `write ${example}` }];
    }
    return [...(value as Map<string, unknown>)].flatMap(([key, entry]) => {
      const finding = checkEntry(key, entry);
      return finding === null ? [] : [{ ...finding, within: `.${key}` }];
    });
  };
  return { expects: () => expects, check };
}

export const REGISTRATION_FIELDS = map(
  'a map of Livestorm field ids to prospect fields',
  'lines like company: company',
  (key, value) => {
    if (key.toLowerCase() === 'email') {
      return { message: 'the e-mail is always sent and may not be mapped', fix: 'remove the line' };
    }
    if (typeof value === 'string' && API_NAME.test(value)) return null;
    const fix = 'write the API name, for example jobTitle or Region__c';
    return { message: `expected the API name of a prospect field, found ${describeFound(value)}`, fix };
  },
);

export const ATTENDANCE_FIELDS = map(
  'a map of prospect fields to what is written into them',
  'lines like Webinar_Attended__c: attended',
  (key, value) => {
    if (!API_NAME.test(key)) {
      const fix = 'write the API name, for example Webinar_Attended__c';
      return { message: 'the key is not the API name of a prospect field', fix };
    }
    if (NOT_WRITABLE.has(key.toLowerCase())) {
      return { message: 'this prospect field may not be overwritten', fix: 'use a custom field (…__c)' };
    }
    if (ATTENDANCE_VALUES.some((known) => known === value)) return null;
    const meant = typeof value === 'string' ? nearest(value, ATTENDANCE_VALUES) : null;
    const fix = meant === null ? `use one of ${ATTENDANCE_VALUES.join(', ')}` : `did you mean ${meant}?`;
    return { message: `expected an attendance value, found ${describeFound(value)}`, fix };
  },
);

const SOURCE_NAME: Record<SecretSource, RegExp> = {
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
