import { RefusedError } from '../errors.ts';
import { unreadable } from './salesforce-errors.ts';

interface DescribedField {
  readonly name?: unknown;
  readonly createable?: unknown;
  readonly externalId?: unknown;
  readonly picklistValues?: unknown;
}

const WEBINAR = 'Webinar';

/**
 * The type to give new campaigns, from `describe`: `Webinar` when the org's picklist has it, else null. Throws
 * `RefusedError` when the API user could not create a campaign, or not by this external id (salesforce.md §2.3).
 */
export function campaignType(
  answer: Readonly<Record<string, unknown>>,
  externalIdField: string,
  operation: string,
): typeof WEBINAR | null {
  if (!Array.isArray(answer.fields)) throw unreadable(operation, 'fields');
  if (answer.createable !== true) {
    throw refusal(operation, 'the API user may not create campaigns', {
      hint: 'Grant the API user create and edit on Campaign, and tick Marketing User on the user record.',
    });
  }
  const fields: readonly DescribedField[] = answer.fields;
  if (fieldNamed(fields, externalIdField)?.externalId !== true) {
    throw refusal(operation, `Campaign.${externalIdField} is not an external id`, {
      hint: 'Tick External ID and Unique on the field.',
    });
  }
  const type = fieldNamed(fields, 'Type');
  return type?.createable === true && offersWebinar(type.picklistValues) ? WEBINAR : null;
}

function fieldNamed(fields: readonly DescribedField[], name: string): DescribedField | undefined {
  return fields.find(
    (field) => typeof field.name === 'string' && field.name.toLowerCase() === name.toLowerCase(),
  );
}

function offersWebinar(values: unknown): boolean {
  return (
    Array.isArray(values) &&
    values.some((entry) => entry?.value === WEBINAR && (entry.active === undefined || entry.active === true))
  );
}

function refusal(operation: string, message: string, { hint }: { hint: string }): RefusedError {
  return new RefusedError(`${operation}: ${message}`, { vendor: 'salesforce', operation, hint });
}
