import type { Call } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import { type JsonObject, readFlag, requireText, textOrNull } from './json.ts';
import { readCollection } from './pardot-collection.ts';
import { type PardotOptions, PardotWire, type Route } from './pardot-wire.ts';

/** In lower case: documentation and payloads differ in case (pardot.md §3.10). */
export const CUSTOM_FIELD_TYPES = [
  'text',
  'textarea',
  'hidden',
  'number',
  'date',
  'dropdown',
  'radio button',
  'checkbox',
  'multi-select',
  'crm user',
] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

/** A custom field of prospects. */
export interface CustomField {
  /** As it is written and read: with `__c`. */
  readonly apiName: string;
  /** `unknown`: one that this version has not heard of. */
  readonly type: CustomFieldType | 'unknown';
  /** Every write adds a value instead of replacing it, and none can be taken back (pardot.md §3.1). */
  readonly appends: boolean;
}

export interface NewCustomField {
  readonly apiName: string;
  /** For people. */
  readonly label: string;
  readonly type: 'Text' | 'Number';
}

const FIELDS = ['id', 'name', 'fieldId', 'apiFieldId', 'type', 'isRecordMultipleResponses'];
const SUFFIX = '__c';
const NAME_IN_USE = 245;

/**
 * Custom fields of prospects (pardot.md §3.10). Errors as in `PardotClient`; even reading needs the ability Prospect >
 * Prospects > Configure Fields. Reads may lag 60 seconds behind writes.
 */
export class PardotCustomFields {
  readonly #wire: PardotWire;

  constructor(options: PardotOptions) {
    this.#wire = new PardotWire(options);
  }

  list(call: Call): Promise<CustomField[]> {
    const query = {
      collection: 'custom-fields',
      fields: FIELDS,
      filters: {},
      sortable: false,
      readRow: readCustomField,
    };
    return readCollection(this.#wire, query, call);
  }

  /** Makes a field whose values are overwritten. False when there is one of this name already. */
  async create({ apiName, label, type }: NewCustomField, call: Call): Promise<boolean> {
    const fieldId = apiName.slice(0, -SUFFIX.length);
    const route: Route = {
      method: 'POST',
      path: '/objects/custom-fields',
      operation: 'POST /custom-fields',
      query: { fields: 'id' },
      body: JSON.stringify({ name: label, fieldId, type, isRecordMultipleResponses: false }),
    };
    try {
      await this.#wire.ask(route, call, () => undefined);
      return true;
    } catch (error) {
      if (error instanceof RefusedError && error.code === NAME_IN_USE) return false;
      throw error;
    }
  }
}

function readCustomField(row: JsonObject): CustomField {
  const type = requireText(row.type, 'type').toLowerCase();
  return {
    apiName: textOrNull(row.apiFieldId) ?? `${requireText(row.fieldId, 'fieldId')}${SUFFIX}`,
    type: CUSTOM_FIELD_TYPES.find((known) => known === type) ?? 'unknown',
    appends: readFlag(row.isRecordMultipleResponses, 'isRecordMultipleResponses'),
  };
}
