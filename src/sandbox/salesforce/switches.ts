/** How this org is set up, and what the vendor sheet leaves open. Looked at with every request: change them at will. */
export interface SalesforceSwitches {
  /** §1.1 Whether a token request while a session lives answers the same token again. */
  sameTokenAgain: boolean;
  /** §2.1 Whether assertions that expire more than 5 minutes from now are refused. */
  refuseFarExpiry: boolean;
  /** §2.1 Whether every refresh answers a new refresh token and ends the old one. */
  rotateRefreshTokens: boolean;
  /** §2.1 The client credentials grant: usable, refused on this domain, or without a run-as user. */
  clientCredentials: 'on' | 'wrong_domain' | 'no_user';
  /** §2.1 Minutes without a REST call after which a session ends. */
  sessionMinutes: number;
  /** §1.2 Answers 401 to every REST call, however fresh the token. */
  persistentlyUnauthorized: boolean;
  /** §2.6 REST calls allowed in any 24 hours. */
  dailyLimit: number;
  /** §2.3 Whether the API user may create campaigns ("Marketing User"). */
  campaignCreateable: boolean;
  /** §2.5 So many of the next writes fail with UNABLE_TO_LOCK_ROW; counts down. */
  lockRowTimes: number;
  lockRowStatus: 400 | 500;
  /** §2.3 API names of custom fields without which no campaign can be created. */
  requiredCustomFields: readonly string[];
  /** §2.3 API name of the external id field on Campaign. */
  externalIdField: string;
  /** §2.4 Whether it refuses duplicates; without, an upsert may meet several campaigns. */
  externalIdUnique: boolean;
  /** §2.3 Whether the org has it from the start; else somebody must create it. */
  externalIdFieldExists: boolean;
  /** §2.3 Whether the API user sees fields made since the start (field-level security). */
  newFieldsVisible: boolean;
  /** §3 What the API user may do in the Tooling API. */
  setupRights: 'full' | 'read_only' | 'none';
  /** §6 Whether the edition of Account Engagement has marketing app extensions (Plus and higher). */
  marketingExtensionsInEdition: boolean;
  /** §6 Whether the Tooling API's REST query knows MarketingAppExtension. */
  extensionQueryable: boolean;
  /** §6 The error code for a developer name that is taken. */
  duplicateDeveloperName: 'DUPLICATE_DEVELOPER_NAME' | 'DUPLICATE_VALUE';
}

export const SALESFORCE_DEFAULTS: Readonly<SalesforceSwitches> = {
  sameTokenAgain: false,
  refuseFarExpiry: false,
  rotateRefreshTokens: false,
  clientCredentials: 'on',
  sessionMinutes: 120,
  persistentlyUnauthorized: false,
  dailyLimit: 100_000,
  campaignCreateable: true,
  lockRowTimes: 0,
  lockRowStatus: 400,
  requiredCustomFields: [],
  externalIdField: 'Livestorm_Session_Id__c',
  externalIdUnique: true,
  externalIdFieldExists: true,
  newFieldsVisible: true,
  setupRights: 'full',
  marketingExtensionsInEdition: true,
  extensionQueryable: true,
  duplicateDeveloperName: 'DUPLICATE_DEVELOPER_NAME',
};
