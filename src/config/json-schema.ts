import { ATTENDANCE_VALUES } from '../domain.ts';
import { DOMAIN, GLOB_LENGTH } from './collections.ts';
import { LIVESTORM_ID, PARDOT_ID } from './existing-links.ts';
import { API_NAME, LIVESTORM_FIELD, NOT_WRITABLE, OVERWRITE_POLICIES } from './field-maps.ts';
import { CRON_TEXT } from './formats.ts';
import {
  type FormatName,
  isSection,
  type Key,
  type Keys,
  SALESFORCE_AUTH_METHODS,
  type Section,
} from './key.ts';
import { LISTEN_PATTERN } from './listen.ts';
import { plainValue } from './plain.ts';
import { SCHEMA } from './schema.ts';
import { SECRET_SOURCES, SOURCE_NAME } from './secret-reference.ts';

/** One JSON Schema, draft 2020-12. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * The configuration as JSON Schema (draft 2020-12), for editors: names, descriptions, defaults and whatever of the
 * rules JSON Schema can say. It refuses nothing that `check-config` accepts when written as in `config/example.yaml`;
 * what holds between distant keys, and whether a cron expression is one, only `check-config` knows.
 */
export function configJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of livestorm-pardot',
    ...objectOf(SCHEMA),
  };
}

function objectOf(keys: Keys): JsonSchema {
  const entries = Object.entries<Key | Section>(keys);
  const required = entries.filter(([, node]) => isRequired(node)).map(([name]) => name);
  const conditions = conditionsOf(keys);
  return {
    // A section with all its lines commented out is empty.
    type: required.length > 0 ? 'object' : ['object', 'null'],
    properties: Object.fromEntries(
      entries.map(([name, node]) => [
        name,
        isSection(node) ? { description: node.doc, ...objectOf(node.keys) } : keySchema(node),
      ]),
    ),
    ...(required.length > 0 ? { required } : {}),
    ...(conditions.length > 0 ? { allOf: conditions } : {}),
    additionalProperties: false,
  };
}

function isRequired(node: Key | Section): boolean {
  return isSection(node) ? Object.values(node.keys).some(isRequired) : node.required === true;
}

/** What each way to log in needs; where none is written, the default one counts. */
function conditionsOf(keys: Keys): JsonSchema[] {
  const { auth } = keys;
  if (auth === undefined || isSection(auth)) return [];
  return SALESFORCE_AUTH_METHODS.map((method) => {
    const needed = Object.entries<Key | Section>(keys).filter(
      ([, node]) => !isSection(node) && Array.isArray(node.required) && node.required.includes(method),
    );
    const isWritten = method === auth.default ? {} : { required: ['auth'] };
    return {
      if: { properties: { auth: { const: method } }, ...isWritten },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: needed.map(([name]) => name) },
    };
  });
}

function keySchema(key: Key): JsonSchema {
  const description = key.otherwise ? `${key.doc} Without it: ${key.otherwise}.` : key.doc;
  const fallback = key.default === null ? {} : { default: plainValue(key.default) };
  return { description, ...FORMAT_SCHEMAS[key.format](key), ...fallback };
}

const HTTPS = String.raw`https://[^\s\\/?#@]+`;
const LOOPBACK = String.raw`http://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?`;

const EMAIL = '^[Ee][Mm][Aa][Ii][Ll]$';

const secret: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    SECRET_SOURCES.map((source) => [source, { type: 'string', pattern: SOURCE_NAME[source].source }]),
  ),
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
};

const writableField: JsonSchema = {
  pattern: API_NAME.source,
  not: { pattern: NOT_WRITABLE.source },
};

const livestormField: JsonSchema = { type: 'string', pattern: LIVESTORM_FIELD.source };

/** Ids of digits alone are numbers to an editor, and text to us. */
const pardotId: JsonSchema = { type: ['integer', 'string'], minimum: 1, pattern: PARDOT_ID.source };
const livestormId: JsonSchema = { type: 'string', pattern: LIVESTORM_ID.source };

const FORMAT_SCHEMAS: Readonly<Record<FormatName, (key: Key) => JsonSchema>> = {
  text: ({ limits = {} }) => ({ type: 'string', minLength: 1, ...patternOf(limits.pattern) }),
  whole_number: ({ limits: { min = 0, max } = {} }) => ({
    type: 'integer',
    minimum: min,
    ...(max === undefined ? {} : { maximum: max }),
  }),
  on_or_off: () => ({ type: 'boolean' }),
  choice: ({ limits = {} }) => ({ type: 'string', enum: limits.values ?? [] }),
  base_url: ({ limits = {} }) => ({
    type: 'string',
    pattern: `^(?:${HTTPS}|${LOOPBACK})${limits.originOnly ? '/?' : String.raw`(?:/[^\s\\?#]*)?`}$`,
  }),
  // With quotes it is text, without them a number.
  api_version: ({ limits: { min = 0 } = {} }) => ({
    type: ['string', 'number'],
    pattern: String.raw`^\d{2,3}\.0$`,
    minimum: min,
    multipleOf: 1,
  }),
  cron: () => ({ type: 'string', pattern: CRON_TEXT.source }),
  secret: () => secret,
  listen: () => ({ type: 'string', pattern: `^(?:${LISTEN_PATTERN})$` }),
  domains: () => ({ type: 'array', items: { type: 'string', pattern: DOMAIN.source } }),
  globs: () => ({
    type: 'array',
    items: { type: ['string', 'number'], minLength: 1, maxLength: GLOB_LENGTH },
  }),
  existing_links: () => ({
    type: 'array',
    items: {
      type: 'object',
      properties: {
        session: livestormId,
        event: livestormId,
        pardot_campaign: pardotId,
        list: pardotId,
      },
      required: ['pardot_campaign'],
      oneOf: [{ required: ['session'] }, { required: ['event'] }],
      additionalProperties: false,
    },
  }),
  registration_fields: () => ({
    type: 'object',
    propertyNames: { not: { pattern: EMAIL } },
    additionalProperties: { type: 'string', pattern: API_NAME.source },
  }),
  prospect_fields: () => ({
    type: 'object',
    propertyNames: writableField,
    additionalProperties: {
      anyOf: [
        livestormField,
        {
          type: 'object',
          properties: { from: livestormField, overwrite: { enum: OVERWRITE_POLICIES } },
          required: ['from'],
          additionalProperties: false,
        },
      ],
    },
  }),
  attendance_fields: () => ({
    type: 'object',
    propertyNames: writableField,
    additionalProperties: { type: 'string', enum: ATTENDANCE_VALUES },
  }),
};

function patternOf(pattern: RegExp | undefined): JsonSchema {
  return pattern ? { pattern: pattern.source } : {};
}
