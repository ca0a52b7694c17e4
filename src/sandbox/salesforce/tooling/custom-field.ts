import type { Campaigns } from '../campaigns.ts';
import { type FieldSpec, field } from '../fields.ts';
import { invalidField, RestError } from '../rest-error.ts';
import { requireDeveloperName } from './developer-name.ts';

const OBJECT = 'Campaign.';
const SUFFIX = '__c';
const MAX_TEXT_LENGTH = 255;

/**
 * `POST /tooling/sobjects/CustomField` with `FullName` and `Metadata`, for text fields on Campaign
 * (salesforce.md §2.3). Throws `RestError` for what the vendor, or this sandbox, does not take.
 */
export function createCustomField(campaigns: Campaigns, body: Readonly<Record<string, unknown>>): void {
  const name = readName(body.FullName);
  if (campaigns.addField(readField(name, body.Metadata))) return;
  const message = `There is already a field named ${name.slice(0, -SUFFIX.length)} on Campaign.`;
  throw new RestError(400, 'DUPLICATE_DEVELOPER_NAME', message, []);
}

function readName(fullName: unknown): string {
  if (typeof fullName !== 'string') {
    throw new RestError(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [FullName]', [
      'FullName',
    ]);
  }
  if (!fullName.startsWith(OBJECT) || !fullName.endsWith(SUFFIX)) {
    throw invalidField(`${fullName}: this sandbox makes custom fields (…${SUFFIX}) of Campaign only`);
  }
  requireDeveloperName(fullName.slice(OBJECT.length, -SUFFIX.length));
  return fullName.slice(OBJECT.length);
}

function readField(name: string, metadata: unknown): FieldSpec {
  const { type, label, length, externalId, unique } = (metadata ?? {}) as Record<string, unknown>;
  if (typeof label !== 'string' || label === '') throw invalidField(`${name}: a label is required`);
  if (type !== 'Text') throw invalidField(`${name}: this sandbox makes fields of type Text only`);
  if (typeof length !== 'number' || length < 1 || length > MAX_TEXT_LENGTH) {
    throw invalidField(`${name}: the length of a Text field is 1 to ${MAX_TEXT_LENGTH}`);
  }
  return {
    ...field(name, 'string', {
      length,
      externalId: externalId === true,
      unique: unique === true,
      custom: true,
    }),
    label,
  };
}
