import { type FieldSpec, field, type ObjectSpec } from '../fields.ts';

export const EXTENSION = 'MarketingAppExtension';
export const ACTIVITY_TYPE = 'MarketingAppExtActivity';
export const ASSIGNMENT = 'MarketingAppExtAssignment';
export const TENANT = 'PardotTenant';

export interface ToolingObject extends ObjectSpec {
  /** First characters of its ids. */
  readonly prefix: string;
  /** HTTP methods on it, as the vendor lists them; others are 405. */
  readonly methods: readonly string[];
}

const id = field('Id', 'id', { length: 18, createable: false, nillable: false });

/** What extensions and activity types share. */
const NAMED: readonly FieldSpec[] = [
  id,
  field('Description', 'textarea', { length: 255, filterable: false }),
  field('DeveloperName', 'string', { length: 80, nillable: false, defaultedOnCreate: true }),
  field('IsActive', 'boolean', { nillable: false, defaultedOnCreate: true }),
  field('Language', 'picklist', { length: 40, defaultedOnCreate: true }),
  field('ManageableState', 'picklist', { length: 40, createable: false }),
  field('MasterLabel', 'string', { length: 80, nillable: false }),
  field('NamespacePrefix', 'string', { length: 15, createable: false }),
];

function reference(name: string, differences: Partial<FieldSpec> = {}): FieldSpec {
  return field(name, 'reference', { length: 18, nillable: false, ...differences });
}

/**
 * The objects behind external activities (salesforce.md §6): those without DELETE can only be deactivated. The
 * business units are as the sandbox was made: nobody creates or changes one through it.
 */
export const TOOLING_OBJECTS: readonly ToolingObject[] = [
  { name: EXTENSION, prefix: '6Ex', methods: ['GET', 'PATCH', 'POST'], fields: NAMED },
  {
    name: ACTIVITY_TYPE,
    prefix: '6Ey',
    methods: ['GET', 'HEAD', 'PATCH', 'POST'],
    fields: [
      ...NAMED,
      field('EndpointUrl', 'string', { length: 255, createable: false }),
      reference('MarketingAppExtensionId', { updateable: false }),
    ],
  },
  {
    name: ASSIGNMENT,
    prefix: '6Ez',
    methods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST'],
    fields: [id, reference('MarketingAppExtensionId'), reference('ParentId')],
  },
  {
    name: TENANT,
    prefix: '0Uv',
    methods: ['GET', 'HEAD'],
    fields: [
      id,
      field('PardotTenantId', 'int'),
      field('PardotTenantName', 'string', { length: 255 }),
      field('MasterLabel', 'string', { length: 80 }),
      field('DeveloperName', 'string', { length: 80 }),
      field('CreationStatus', 'picklist', { length: 40 }),
      field('PardotTenantStatusCode', 'string', { length: 40 }),
      field('Language', 'picklist', { length: 40 }),
    ],
  },
];
