import { invalidField, RestError } from './rest-error.ts';
import type { SalesforceSwitches } from './switches.ts';

type FieldType = 'id' | 'string' | 'textarea' | 'picklist' | 'boolean' | 'date' | 'datetime' | 'reference';

/** One field of Campaign as `describe` shows it. */
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

export type FieldInput = string | boolean | null;

const TYPES = ['Conference', 'Webinar', 'Trade Show', 'Email', 'Other'];
const STATUSES = ['Planned', 'In Progress', 'Completed', 'Aborted'];

const STANDARD: readonly FieldSpec[] = [
  field('Id', 'id', { length: 18, createable: false, nillable: false }),
  field('IsDeleted', 'boolean', { createable: false, nillable: false }),
  field('Name', 'string', { length: 80, nillable: false }),
  field('ParentId', 'reference', { length: 18 }),
  field('Type', 'picklist', { length: 40, picklist: TYPES }),
  field('Status', 'picklist', { length: 40, picklist: STATUSES, defaultedOnCreate: true }),
  field('StartDate', 'date'),
  field('EndDate', 'date'),
  field('IsActive', 'boolean', { nillable: false, defaultedOnCreate: true }),
  field('Description', 'textarea', { length: 32_000, filterable: false }),
  field('OwnerId', 'reference', { length: 18, nillable: false, defaultedOnCreate: true }),
  field('TenantId', 'reference', { length: 18, createable: false }),
  field('CreatedDate', 'datetime', { createable: false, nillable: false }),
  field('LastModifiedDate', 'datetime', { createable: false, nillable: false }),
  field('SystemModstamp', 'datetime', { createable: false, nillable: false }),
];

function field(name: string, type: FieldType, differences: Partial<FieldSpec> = {}): FieldSpec {
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

/** Standard fields, the external id field and the custom fields that this org demands (salesforce.md §2.3). */
export function campaignFields(switches: Readonly<SalesforceSwitches>): readonly FieldSpec[] {
  return [
    ...STANDARD,
    field(switches.externalIdField, 'string', {
      length: 64,
      externalId: true,
      unique: switches.externalIdUnique,
      custom: true,
    }),
    ...switches.requiredCustomFields.map((name) =>
      field(name, 'string', { length: 255, nillable: false, custom: true }),
    ),
  ];
}

/** Field names are compared without regard to case, as the API does. */
export function findField(specs: readonly FieldSpec[], name: string): FieldSpec {
  const found = specs.find((spec) => spec.name.toLowerCase() === name.toLowerCase());
  if (!found) throw invalidField(`No such column '${name}' on sobject of type Campaign`);
  return found;
}

/** Checks the body of a create or update and returns its values under the fields' own names. */
export function readValues(
  body: Readonly<Record<string, unknown>>,
  specs: readonly FieldSpec[],
): Record<string, FieldInput> {
  const values: Record<string, FieldInput> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const spec = findField(specs, name);
    if (!spec.createable) {
      throw new RestError(
        400,
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${spec.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        [spec.name],
      );
    }
    values[spec.name] = readValue(spec, value);
  }
  return values;
}

/** Refuses when a field that must have a value would have none. */
export function requireValues(
  values: Readonly<Record<string, FieldInput>>,
  specs: readonly FieldSpec[],
): void {
  const missing = specs
    .filter((spec) => spec.createable && !spec.nillable && !spec.defaultedOnCreate)
    .filter((spec) => values[spec.name] === undefined || values[spec.name] === null)
    .map((spec) => spec.name);
  if (missing.length === 0) return;
  const message = `Required fields are missing: [${missing.join(', ')}]`;
  throw new RestError(400, 'REQUIRED_FIELD_MISSING', message, missing);
}

function readValue(spec: FieldSpec, value: unknown): FieldInput {
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
    const message = `Campaign ${spec.label}: data value too large: ${text} (max length=${spec.length})`;
    throw new RestError(400, 'STRING_TOO_LONG', message, [spec.name]);
  }
  return text === '' ? null : text;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
