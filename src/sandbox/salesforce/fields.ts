import { invalidField, RestError } from './rest-error.ts';

type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'int'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'reference';

/** One field of an object as `describe` shows it. */
export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Longest value in UTF-16 units; 0 where length has no meaning. */
  readonly length: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly filterable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly custom: boolean;
  /** What a picklist offers; other text is taken too, the picklists are not restricted (salesforce.md §2.3). */
  readonly picklist: readonly string[];
}

/** An object with the fields that the API user sees. */
export interface ObjectSpec {
  readonly name: string;
  readonly fields: readonly FieldSpec[];
}

export type FieldInput = string | number | boolean | null;

/** A field that anybody may write, and need not, unless the differences say so. */
export function field(name: string, type: FieldType, differences: Partial<FieldSpec> = {}): FieldSpec {
  const createable = differences.createable ?? true;
  return {
    name,
    label: name,
    type,
    length: 0,
    createable,
    updateable: createable,
    nillable: true,
    defaultedOnCreate: false,
    filterable: true,
    externalId: false,
    unique: false,
    custom: false,
    picklist: [],
    ...differences,
  };
}

/** Field names are compared without regard to case, as the API does. */
export function findField(object: ObjectSpec, name: string): FieldSpec {
  const found = object.fields.find((spec) => isSameName(spec.name, name));
  if (!found) throw invalidField(`No such column '${name}' on sobject of type ${object.name}`);
  return found;
}

export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Checks the body of a create or update and returns its values under the fields' own names. */
export function readValues(
  body: Readonly<Record<string, unknown>>,
  object: ObjectSpec,
  right: 'createable' | 'updateable',
): Record<string, FieldInput> {
  const values: Record<string, FieldInput> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const spec = findField(object, name);
    if (!spec[right]) {
      throw new RestError(
        400,
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${spec.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        [spec.name],
      );
    }
    values[spec.name] = readValue(object, spec, value);
  }
  return values;
}

/** Refuses when a field that must have a value would have none. */
export function requireValues(values: Readonly<Record<string, FieldInput>>, object: ObjectSpec): void {
  const missing = object.fields
    .filter((spec) => spec.createable && !spec.nillable && !spec.defaultedOnCreate)
    .filter((spec) => values[spec.name] === undefined || values[spec.name] === null)
    .map((spec) => spec.name);
  if (missing.length === 0) return;
  const message = `Required fields are missing: [${missing.join(', ')}]`;
  throw new RestError(400, 'REQUIRED_FIELD_MISSING', message, missing);
}

function readValue(object: ObjectSpec, spec: FieldSpec, value: unknown): FieldInput {
  if (value === null || value === '') return null;
  const fits =
    spec.type === 'boolean'
      ? typeof value === 'boolean'
      : typeof value === 'string' && (spec.type !== 'date' || isDate(value));
  if (!fits) {
    const message = `Cannot deserialize instance of ${spec.type} from value ${String(value)}`;
    throw new RestError(400, 'JSON_PARSER_ERROR', message);
  }
  if (typeof value === 'boolean') return value;
  const text = String(value).trim();
  if (spec.length > 0 && text.length > spec.length) {
    const message = `${object.name} ${spec.label}: data value too large: ${text} (max length=${spec.length})`;
    throw new RestError(400, 'STRING_TOO_LONG', message, [spec.name]);
  }
  return text === '' ? null : text;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
