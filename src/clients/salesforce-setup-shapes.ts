import {
  countOrNull,
  isAbsent,
  type JsonObject,
  readFlag,
  requireArray,
  requireObject,
  requireText,
  textOrNull,
} from './json.ts';

/** What the API user may do with Campaign (salesforce.md §2.3). */
export interface CampaignDescription {
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Those that the API user sees. */
  readonly fields: readonly CampaignField[];
}

export interface CampaignField {
  readonly name: string;
  /** As Salesforce names it: `string`, `picklist`, … */
  readonly type: string;
  /** Longest value; 0 where length has no meaning. */
  readonly length: number;
  readonly createable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  /** A new campaign must bring a value. */
  readonly required: boolean;
}

/** A marketing app extension, or one of its activity types (salesforce.md §6). */
export interface MarketingObject {
  readonly id: string;
  readonly developerName: string;
  readonly isActive: boolean;
}

export interface ActivityTypeRecord extends MarketingObject {
  readonly extensionId: string;
}

/** A business unit of Account Engagement. */
export interface BusinessUnit {
  /** `0Uv…` */
  readonly id: string;
  readonly name: string | null;
  /** `Created`, `Creating`, `Error`, … */
  readonly status: string | null;
}

export function readDescription(answer: JsonObject): CampaignDescription {
  return {
    createable: readFlag(answer.createable, 'createable'),
    updateable: readFlag(answer.updateable, 'updateable'),
    fields: requireArray(answer.fields, 'fields').map((field) => readField(requireObject(field, 'fields[]'))),
  };
}

function readField(field: JsonObject): CampaignField {
  const createable = readFlag(field.createable, 'createable');
  const mayBeEmpty = isAbsent(field.nillable) || readFlag(field.nillable, 'nillable');
  return {
    name: requireText(field.name, 'name'),
    type: textOrNull(field.type) ?? '',
    length: countOrNull(field.length, 'length') ?? 0,
    createable,
    externalId: readFlag(field.externalId, 'externalId'),
    unique: readFlag(field.unique, 'unique'),
    required: createable && !mayBeEmpty && !readFlag(field.defaultedOnCreate, 'defaultedOnCreate'),
  };
}

export function readMarketingObject(record: JsonObject): MarketingObject {
  return {
    id: requireText(record.Id, 'Id'),
    developerName: requireText(record.DeveloperName, 'DeveloperName'),
    isActive: readFlag(record.IsActive, 'IsActive'),
  };
}

export function readActivityType(record: JsonObject): ActivityTypeRecord {
  return {
    ...readMarketingObject(record),
    extensionId: requireText(record.MarketingAppExtensionId, 'MarketingAppExtensionId'),
  };
}

export function readBusinessUnit(record: JsonObject): BusinessUnit {
  return {
    id: requireText(record.Id, 'Id'),
    name: textOrNull(record.PardotTenantName),
    status: textOrNull(record.CreationStatus),
  };
}
