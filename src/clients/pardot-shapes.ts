import type {
  Asset,
  AssetKind,
  FieldValue,
  PardotCampaign,
  PardotList,
  Prospect,
  Submission,
} from '../domain.ts';
import {
  FieldProblem,
  idOrNull,
  isAbsent,
  type JsonObject,
  numberOrNull,
  objectOrNull,
  readFlag,
  requireId,
  requireText,
  textOrNull,
  textsOf,
} from './json.ts';

/** What every prospect is read with, besides the fields asked for. */
export const PROSPECT_FIELDS = ['id', 'email', 'isDeleted'] as const;

/** A prospect (pardot.md §3.1). `fields` are the names to hand on; the e-mail stays as Pardot spells it. */
export function readProspect(row: JsonObject, fields: readonly string[]): Prospect {
  return {
    id: requireId(row.id, 'id'),
    email: textOrNull(row.email),
    isDeleted: readFlag(row.isDeleted, 'isDeleted'),
    fields: readFields(row, fields),
  };
}

export function readFields(row: JsonObject, fields: readonly string[]): Record<string, FieldValue> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = readFieldValue(row[field]);
      return value === null ? [] : [[field, value]];
    }),
  );
}

function readFieldValue(value: unknown): FieldValue | null {
  if (Array.isArray(value)) return value.length === 0 ? null : textsOf(value);
  return typeof value === 'boolean' ? String(value) : textOrNull(value);
}

export const ACTIVITY_FIELDS = [
  ...['id', 'type', 'createdAt', 'updatedAt', 'campaignId', 'prospectId'],
  ...['formId', 'formHandlerId', 'landingPageId'],
  ...['form.campaignId', 'form.name', 'formHandler.campaignId', 'formHandler.name'],
  ...['landingPage.campaignId', 'landingPage.name'],
] as const;

/** Where the form stood, for the record of consent; nothing else needs it. */
export const ASSET_URL_FIELDS = ['form.url', 'landingPage.url'] as const;

const SUCCESS = 4;

/**
 * A successful submission (pardot.md §4.3). Null for activities of other types and of other things than forms,
 * form handlers and landing pages.
 */
export function readSubmission(row: JsonObject, prospectFields: readonly string[]): Submission | null {
  const formId = idOrNull(row.formId, 'formId');
  const formHandlerId = idOrNull(row.formHandlerId, 'formHandlerId');
  const landingPageId = idOrNull(row.landingPageId, 'landingPageId');
  const isSuccess = numberOrNull(row.type, 'type') === SUCCESS;
  if (!isSuccess || (formId ?? formHandlerId ?? landingPageId) === null) return null;
  const asset = objectOrNull(landingPageId ? row.landingPage : formId ? row.form : row.formHandler);
  return {
    activityId: requireId(row.id, 'id'),
    createdAtMs: readInstant(row.createdAt, 'createdAt'),
    campaignId: idOrNull(row.campaignId, 'campaignId'),
    formId,
    formHandlerId,
    landingPageId,
    assetCampaignId: idOrNull(asset?.campaignId, 'campaignId of the asset'),
    assetName: textOrNull(asset?.name),
    assetUrl: textOrNull(asset?.url),
    prospect: readActivityProspect(row, prospectFields),
  };
}

/** A prospect that the answer names but does not show was purged, or its row is not visible yet. */
function readActivityProspect(row: JsonObject, fields: readonly string[]): Prospect | null {
  const id = idOrNull(row.prospectId, 'prospectId');
  return id === null ? null : readProspect({ ...objectOrNull(row.prospect), id }, fields);
}

export const CAMPAIGN_FIELDS = ['id', 'name', 'salesforceId', 'createdAt', 'updatedAt', 'isDeleted'] as const;

export interface DatedCampaign {
  readonly campaign: PardotCampaign;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A campaign (pardot.md §3.4). */
export function readCampaign(row: JsonObject): DatedCampaign {
  const createdAtMs = readInstant(row.createdAt, 'createdAt');
  return {
    campaign: {
      id: requireId(row.id, 'id'),
      name: textOrNull(row.name) ?? '',
      salesforceId: textOrNull(row.salesforceId),
      isDeleted: readFlag(row.isDeleted, 'isDeleted'),
    },
    createdAtMs,
    updatedAtMs: isAbsent(row.updatedAt) ? createdAtMs : readInstant(row.updatedAt, 'updatedAt'),
  };
}

export const LIST_FIELDS = ['id', 'name', 'campaignId', 'description'] as const;

/** A list (pardot.md §3.2). */
export function readList(row: JsonObject): PardotList {
  return {
    id: requireId(row.id, 'id'),
    name: requireText(row.name, 'name'),
    campaignId: idOrNull(row.campaignId, 'campaignId'),
    description: textOrNull(row.description),
  };
}

/** A form, form handler or landing page (pardot.md §3.6, §3.7, §3.9); null when it is deleted. */
export function readAsset(row: JsonObject, kind: AssetKind): Asset | null {
  if (readFlag(row.isDeleted, 'isDeleted')) return null;
  return {
    kind,
    id: requireId(row.id, 'id'),
    name: textOrNull(row.name) ?? '',
    campaignId: idOrNull(row.campaignId, 'campaignId'),
    formId: idOrNull(row.formId, 'formId'),
  };
}

/** ISO 8601 with offset, in the API user's zone (pardot.md §2.5); a time without a zone cannot be placed. */
export function readInstant(value: unknown, field: string): number {
  const text = requireText(value, field);
  const atMs = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw new FieldProblem(field, 'is no time with an offset');
  return atMs;
}
