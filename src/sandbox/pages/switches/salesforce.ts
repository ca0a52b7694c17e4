import type { SalesforceSwitches } from '../../salesforce/switches.ts';
import { type SwitchSpecs, spec } from './spec.ts';

export const SALESFORCE_SPECS: SwitchSpecs<SalesforceSwitches> = {
  sameTokenAgain: spec('A token request while a session lives answers the same token again'),
  refuseFarExpiry: spec('Assertions that expire more than 5 minutes from now are refused'),
  rotateRefreshTokens: spec('Every refresh answers a new refresh token and ends the old one'),
  clientCredentials: spec('The client credentials grant', 'on', 'wrong_domain', 'no_user'),
  sessionMinutes: spec('Minutes without a call after which a session ends'),
  persistentlyUnauthorized: spec('Every REST call answers 401, however fresh the token'),
  dailyLimit: spec('Calls allowed in any 24 hours'),
  campaignCreateable: spec('The API user may create campaigns'),
  lockRowTimes: spec('So many of the next writes fail with UNABLE_TO_LOCK_ROW; counts down'),
  lockRowStatus: spec('Status of UNABLE_TO_LOCK_ROW', 400, 500),
  requiredCustomFields: spec('Custom fields without which no campaign can be created'),
  externalIdField: spec('API name of the external id field on Campaign'),
  externalIdUnique: spec('The external id field refuses duplicates'),
  externalIdFieldExists: spec('The external id field is there from the start'),
  newFieldsVisible: spec('The API user sees fields made since the start'),
  setupRights: spec('What the API user may do in the Tooling API', 'full', 'read_only', 'none'),
  marketingExtensionsInEdition: spec('The edition has marketing app extensions'),
  extensionQueryable: spec('The Tooling API takes queries of MarketingAppExtension'),
  duplicateDeveloperName: spec(
    'Error code for a developer name that is taken',
    'DUPLICATE_DEVELOPER_NAME',
    'DUPLICATE_VALUE',
  ),
};
