/** `number` and `date` are custom-field types, kept as text; `strings` holds several texts. */
export type FieldType =
  | 'integer'
  | 'float'
  | 'string'
  | 'email'
  | 'boolean'
  | 'datetime'
  | 'number'
  | 'date'
  | 'strings';

export interface FieldSpec {
  readonly type: FieldType;
  readonly writable: boolean;
  /** Single reads only. */
  readonly notQueryable?: boolean;
  /** Each write adds a value. */
  readonly appends?: boolean;
  /** Predefined values; empty or absent: any. */
  readonly allowedValues?: readonly string[];
}

export type FieldSpecs = Readonly<Record<string, FieldSpec>>;

/** Field names separated by blanks, as specs of one type. */
export function readOnly(type: FieldType, names: string): FieldSpecs {
  return specs(names, { type, writable: false });
}

export function writable(type: FieldType, names: string): FieldSpecs {
  return specs(names, { type, writable: true });
}

function specs(names: string, spec: FieldSpec): FieldSpecs {
  return Object.fromEntries(names.split(' ').map((name) => [name, spec]));
}

/** What almost every object carries. */
export const STAMP_FIELDS: FieldSpecs = {
  ...readOnly('integer', 'id createdById updatedById'),
  ...readOnly('datetime', 'createdAt updatedAt'),
};
