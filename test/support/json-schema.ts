import type { JsonSchema } from '../../src/config/json-schema.ts';

type Json = unknown;

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Record<string, (value: Json) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Each keyword that the schema of the configuration uses, after JSON Schema 2020-12; true where it does not apply. */
const KEYWORDS: Record<string, (value: Json, wanted: never, schema: JsonSchema) => boolean> = {
  type: (value, wanted: string | string[]) => [wanted].flat().some((type) => TYPES[type]?.(value) ?? false),
  enum: (value, wanted: Json[]) => wanted.includes(value),
  const: (value, wanted: Json) => value === wanted,
  pattern: (value, wanted: string) => typeof value !== 'string' || new RegExp(wanted, 'u').test(value),
  minLength: (value, wanted: number) => typeof value !== 'string' || value.length >= wanted,
  maxLength: (value, wanted: number) => typeof value !== 'string' || value.length <= wanted,
  minimum: (value, wanted: number) => typeof value !== 'number' || value >= wanted,
  maximum: (value, wanted: number) => typeof value !== 'number' || value <= wanted,
  multipleOf: (value, wanted: number) => typeof value !== 'number' || value % wanted === 0,
  minProperties: (value, wanted: number) => !isObject(value) || Object.keys(value).length >= wanted,
  maxProperties: (value, wanted: number) => !isObject(value) || Object.keys(value).length <= wanted,
  required: (value, wanted: string[]) =>
    !isObject(value) || wanted.every((name) => Object.hasOwn(value, name)),
  properties: (value, wanted: Record<string, JsonSchema>) =>
    !isObject(value) ||
    Object.entries(value).every(([name, entry]) => {
      const schema = wanted[name];
      return schema === undefined || accepts(schema, entry);
    }),
  additionalProperties: (value, wanted: false | JsonSchema, schema) => {
    if (!isObject(value)) return true;
    const known = Object.keys((schema.properties ?? {}) as object);
    const others = Object.entries(value).filter(([name]) => !known.includes(name));
    return others.every(([, entry]) => wanted !== false && accepts(wanted, entry));
  },
  propertyNames: (value, wanted: JsonSchema) =>
    !isObject(value) || Object.keys(value).every((name) => accepts(wanted, name)),
  items: (value, wanted: JsonSchema) =>
    !Array.isArray(value) || value.every((item: Json) => accepts(wanted, item)),
  not: (value, wanted: JsonSchema) => !accepts(wanted, value),
  allOf: (value, wanted: JsonSchema[]) => wanted.every((schema) => accepts(schema, value)),
  anyOf: (value, wanted: JsonSchema[]) => wanted.some((schema) => accepts(schema, value)),
  oneOf: (value, wanted: JsonSchema[]) => wanted.filter((schema) => accepts(schema, value)).length === 1,
  if: (value, wanted: JsonSchema, { then }) => !accepts(wanted, value) || accepts(then as JsonSchema, value),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, asked by `if`
  then: () => true,
};
const ANNOTATIONS = new Set(['$schema', 'title', 'description', 'default']);

/** Whether the schema takes the value. Throws for a keyword that is neither known here nor an annotation. */
export function accepts(schema: JsonSchema, value: Json): boolean {
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (ANNOTATIONS.has(keyword)) return true;
    const holds = KEYWORDS[keyword];
    if (!holds) throw new Error(`an unknown keyword: ${keyword}`);
    return holds(value, wanted as never, schema);
  });
}
