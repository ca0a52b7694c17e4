import type { Finding, Format } from './format.ts';
import { nearest } from './nearest.ts';
import { describeFound } from './printable.ts';

/** A list of any length; `checkItem` says what is wrong with one of its items. */
export function list(
  expects: string,
  example: string,
  checkItem: (item: unknown) => readonly Finding[],
): Format {
  const check = (value: unknown): readonly Finding[] => {
    if (!Array.isArray(value)) {
      return [{ message: `expected ${expects}, found ${describeFound(value)}`, fix: `write ${example}` }];
    }
    return value.flatMap((item: unknown, index) => checkItem(item).map(inside(`[${index}]`)));
  };
  return { expects: () => expects, check };
}

/** A map with any keys; `checkEntry` says what is wrong with one of its entries. */
export function map(
  expects: string,
  example: string,
  checkEntry: (key: string, value: unknown) => readonly Finding[],
): Format {
  const check = (value: unknown): readonly Finding[] => {
    if (!(value instanceof Map)) {
      return [{ message: `expected ${expects}, found ${describeFound(value)}`, fix: `write ${example}` }];
    }
    return [...(value as Map<string, unknown>)].flatMap(([key, entry]) =>
      checkEntry(key, entry).map(inside(`.${key}`)),
    );
  };
  return { expects: () => expects, check };
}

/** What is wrong with the entries of a map whose keys are fixed: unknown keys, and what the check of a key finds. */
export function checkRecord<Name extends string>(
  record: ReadonlyMap<string, unknown>,
  checks: Readonly<Record<Name, (value: unknown) => Finding | null>>,
): readonly Finding[] {
  const names = Object.keys(checks) as Name[];
  return [...record].flatMap(([key, value]) => {
    const name = names.find((known) => known === key);
    const finding = name === undefined ? unknownKey(key, names) : checks[name](value);
    return finding === null ? [] : [inside(`.${key}`)(finding)];
  });
}

function unknownKey(key: string, names: readonly string[]): Finding {
  const meant = nearest(key, names);
  const fix = meant === null ? `remove it; known here: ${names.join(', ')}` : `did you mean ${meant}?`;
  return { message: 'unknown key', fix };
}

function inside(place: string): (finding: Finding) => Finding {
  return (finding) => ({ ...finding, within: place + (finding.within ?? '') });
}

export const DOMAIN =
  /^(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/;
/** Of an event title or id. */
export const GLOB_LENGTH = 200;

function texts(
  expects: string,
  itemText: string,
  example: string,
  accepts: (item: string) => boolean,
): Format {
  return list(expects, example, (item) => {
    if (typeof item === 'string' && accepts(item)) return [];
    return [{ message: `expected ${itemText}, found ${describeFound(item)}`, fix: `write ${example}` }];
  });
}

export const DOMAINS = texts(
  'a list of domains',
  'a domain without @ and without wildcard',
  'domains like [example.com, example.org]',
  (item) => DOMAIN.test(item),
);

export const GLOBS = texts(
  'a list of event titles or ids, with * as wildcard',
  `an event title or id of at most ${GLOB_LENGTH} characters`,
  'titles in quotes, like ["Demo *"]',
  (item) => item !== '' && item.length <= GLOB_LENGTH,
);
