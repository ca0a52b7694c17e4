import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../src/config/json-schema.ts';

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, addUsedSchema: false });

/** Whether a JSON value fits a schema; throws when the schema itself is wrong or has a keyword that does not exist. */
export function accepts(schema: JsonSchema, value: unknown): boolean {
  return ajv.validate(schema, value);
}
