import { type FieldSpec, field, type ObjectSpec } from './fields.ts';
import type { SalesforceSwitches } from './switches.ts';

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

/**
 * Campaign with its standard fields, the external id field, the custom fields that this org demands, and those that
 * somebody `added` since (salesforce.md §2.3).
 */
export function campaignObject(
  switches: Readonly<SalesforceSwitches>,
  added: readonly FieldSpec[],
): ObjectSpec {
  const required = switches.requiredCustomFields.map((name) =>
    field(name, 'string', { length: 255, nillable: false, custom: true }),
  );
  const initial = switches.externalIdFieldExists ? [externalIdField(switches)] : [];
  return { name: 'Campaign', fields: [...STANDARD, ...initial, ...required, ...added] };
}

function externalIdField({
  externalIdField: name,
  externalIdUnique,
}: Readonly<SalesforceSwitches>): FieldSpec {
  return field(name, 'string', { length: 64, externalId: true, unique: externalIdUnique, custom: true });
}
