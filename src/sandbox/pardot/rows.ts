import type { BaseRow } from './table.ts';

/** Row properties carry the API's field names; instants are epoch milliseconds under `<field>Ms`. */
export interface StampedRow extends BaseRow {
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly createdById: number;
  readonly updatedById: number;
}

/** §3.4. */
export interface Campaign extends StampedRow {
  readonly name: string;
  /** 18 characters; null while not connected. */
  readonly salesforceId: string | null;
  readonly isDeleted: boolean;
}

export interface FormField {
  /** API name of the prospect field it fills. */
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
}

export type AssetKind = 'form' | 'form_handler' | 'landing_page';

interface AssetRow extends StampedRow {
  readonly name: string;
  readonly campaignId: number;
  readonly isDeleted: boolean;
}

/** §3.6. */
export interface Form extends AssetRow {
  /** Where visitors find it; none of a form handler. */
  readonly url: string | null;
  readonly fields: readonly FormField[];
  /** Kiosk mode. */
  readonly isCookieless: boolean;
}

/** §3.7. */
export interface FormHandler extends Form {
  /** Switches throttling off. */
  readonly isAlwaysEmail: boolean;
}

/** §3.9. */
export interface LandingPage extends AssetRow {
  readonly url: string;
  readonly formId: number;
}

/** §4.1. */
export interface VisitorActivity extends BaseRow {
  readonly type: number;
  readonly typeName: string;
  readonly details: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** As recorded at the submission. */
  readonly campaignId: number | null;
  readonly prospectId: number | null;
  readonly visitorId: number | null;
  readonly formId: number | null;
  readonly formHandlerId: number | null;
  readonly landingPageId: number | null;
}

/** §7. */
export interface ExternalActivity extends BaseRow {
  /** Developer names of the extension and of the activity type. */
  readonly extension: string;
  readonly type: string;
  /** As it was sent. */
  readonly email: string;
  readonly value: string;
  /** When it happened. */
  readonly activityDateMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly prospectId: number | null;
}

export type PropertyValue = string | number | boolean | readonly string[] | null;

/** §3.1. */
export interface Prospect extends StampedRow {
  readonly email: string | null;
  /** The source campaign. */
  readonly campaignId: number | null;
  readonly isDeleted: boolean;
  readonly lastActivityAtMs: number | null;
  /** Every other field, standard and custom, under its API name. */
  readonly values: Readonly<Record<string, PropertyValue>>;
}

/** As the vendor documents them, §3.10. */
export const CUSTOM_FIELD_TYPES = [
  'Text',
  'Radio Button',
  'Checkbox',
  'Dropdown',
  'Textarea',
  'Multi-Select',
  'Hidden',
  'Number',
  'Date',
  'CRM User',
] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

/** §3.10. */
export interface CustomField extends StampedRow {
  readonly name: string;
  /** Without `__c`. */
  readonly fieldId: string;
  readonly type: CustomFieldType;
  readonly isRecordMultipleResponses: boolean;
  readonly isRequired: boolean;
  readonly isAnalyticsSynced: boolean;
  /** Predefined values; empty: any. */
  readonly allowedValues: readonly string[];
}

/** §3.2. */
export interface List extends StampedRow {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly isPublic: boolean;
  readonly isDynamic: boolean;
  readonly isDeleted: boolean;
  readonly campaignId: number | null;
  readonly folderId: number | null;
}

/** §3.3. */
export interface ListMembership extends StampedRow {
  readonly listId: number;
  readonly prospectId: number;
  readonly optedOut: boolean;
  readonly isDeleted: boolean;
}

/** §3.10. */
export interface User extends StampedRow {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly username: string;
  readonly isDeleted: boolean;
}
