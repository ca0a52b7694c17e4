import { validate as isCron } from 'node-cron';
import { DOMAINS, GLOBS } from './collections.ts';
import { EXISTING_LINKS } from './existing-links.ts';
import { ATTENDANCE_FIELDS, PROSPECT_FIELDS, REGISTRATION_FIELDS } from './field-maps.ts';
import type { Finding, Format } from './format.ts';
import type { FormatName, Key, Limits } from './key.ts';
import { LISTEN } from './listen.ts';
import { nearest } from './nearest.ts';
import { describeFound } from './printable.ts';
import { SECRET } from './secret-reference.ts';
import { readBaseUrl } from './urls.ts';

function scalar(
  expects: (limits: Limits) => string,
  accepts: (value: unknown, limits: Limits) => boolean,
  coerce: (text: string) => unknown = (text) => text,
): Format {
  const check = (value: unknown, key: Key): readonly Finding[] => {
    const { limits = {} } = key;
    if (accepts(value, limits)) return [];
    const message = `expected ${expects(limits)}, found ${describeFound(value)}`;
    return [{ message, fix: suggest(value, key) }];
  };
  return { expects, coerce, check };
}

function suggest(value: unknown, { limits, example, default: fallback }: Key): string {
  const meant = typeof value === 'string' ? nearest(value, limits?.values ?? []) : null;
  return meant === null ? `write for example ${example ?? fallback}` : `did you mean ${meant}?`;
}

const TEXT = scalar(
  ({ patternText }) => patternText ?? 'text',
  (value, { pattern }) => typeof value === 'string' && value !== '' && (pattern?.test(value) ?? true),
);

const WHOLE_NUMBER = scalar(
  ({ min = 0, max }) =>
    `a whole number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}`,
  (value, { min = 0, max = Number.MAX_SAFE_INTEGER }) =>
    typeof value === 'number' && value >= min && value <= max,
  (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
);

const CHOICE = scalar(
  ({ values = [] }) => `one of ${values.join(', ')}`,
  (value, { values = [] }) => typeof value === 'string' && values.includes(value),
);

const API_VERSION = scalar(
  ({ min = 0 }) => `an API version of at least ${min}.0`,
  (value, { min = 0 }) => typeof value === 'string' && /^\d{2,3}\.0$/.test(value) && Number(value) >= min,
);

export const CRON_TEXT = /^[\w*,/\- ]{9,100}$/;

const CRON = scalar(
  () => 'a cron expression of 5 or 6 fields, like 0 * * * * *',
  (value) => typeof value === 'string' && CRON_TEXT.test(value) && !/\d{3}/.test(value) && isCron(value),
);

const ON_OR_OFF: Format = {
  expects: () => 'true or false',
  coerce: (text) => (/^(?:true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text),
  check: (value) => {
    if (typeof value === 'boolean') return [];
    return [{ message: `expected true or false, found ${describeFound(value)}`, fix: 'write true or false' }];
  },
};

const BASE_URL: Format = {
  expects: ({ originOnly }) => (originOnly ? 'an https URL without a path' : 'an https URL'),
  coerce: (text) => {
    const read = readBaseUrl(text);
    return 'url' in read ? read.url : text;
  },
  check: (value, key) => {
    const fix = `write for example ${key.example ?? key.default}`;
    if (typeof value !== 'string') {
      return [{ message: `expected an https URL, found ${describeFound(value)}`, fix }];
    }
    const read = readBaseUrl(value);
    if ('reason' in read) return [{ message: read.reason, fix }];
    if (!key.limits?.originOnly || new URL(read.url).pathname === '/') return [];
    return [{ message: 'this URL may not have a path', fix }];
  },
};

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  text: TEXT,
  whole_number: WHOLE_NUMBER,
  on_or_off: ON_OR_OFF,
  choice: CHOICE,
  base_url: BASE_URL,
  api_version: API_VERSION,
  cron: CRON,
  secret: SECRET,
  listen: LISTEN,
  domains: DOMAINS,
  globs: GLOBS,
  existing_links: EXISTING_LINKS,
  registration_fields: REGISTRATION_FIELDS,
  prospect_fields: PROSPECT_FIELDS,
  attendance_fields: ATTENDANCE_FIELDS,
};
