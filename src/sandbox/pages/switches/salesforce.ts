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
};
