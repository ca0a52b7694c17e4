import { HINTS as REST_HINTS } from '../../clients/salesforce-errors.ts';
import { HINTS as GRANT_HINTS } from '../../clients/salesforce-grant-errors.ts';
import { BY_ITSELF, type CodeTable } from './code.ts';

const rest = (code: string): string => REST_HINTS[code] ?? '';
const grant = (code: string): string => GRANT_HINTS[code] ?? '';

/** Of the token endpoint in small letters, of the REST API in capitals (salesforce.md §2.1, §2.5). */
export const SALESFORCE_CODES: CodeTable = {
  invalid_grant: ['the login is refused', grant('invalid_grant')],
  unsupported_grant_type: ['the app does not allow this way to log in', grant('unsupported_grant_type')],
  invalid_client_id: ['the consumer key is not known at this login URL', grant('invalid_client_id')],
  invalid_client: ['consumer key and secret do not fit together', grant('invalid_client')],
  inactive_user: ['the API user is deactivated or frozen', 'activate the user, or name another one'],
  inactive_org: ['the org is locked, closed or suspended', 'ask Salesforce'],
  rate_limit_exceeded: ['too many logins of this user', grant('rate_limit_exceeded')],
  invalid_app_access: ['the API user is not approved for the app', grant('invalid_app_access')],
  INVALID_SESSION_ID: [
    'the session has expired, and fresh ones are refused, too',
    rest('INVALID_SESSION_ID'),
  ],
  API_DISABLED_FOR_ORG: ['the API is not available', rest('API_DISABLED_FOR_ORG')],
  API_CURRENTLY_DISABLED: ['the API is not available', rest('API_CURRENTLY_DISABLED')],
  UNSUPPORTED_API_VERSION: ['this version of the API is retired', rest('UNSUPPORTED_API_VERSION')],
  REQUEST_LIMIT_EXCEEDED: [
    "the org's API calls of 24 hours are used up, by all integrations",
    `${BY_ITSELF}; see Setup › Company Information for what is used`,
  ],
  UNABLE_TO_LOCK_ROW: ['something else was writing to the campaign', BY_ITSELF],
  REQUIRED_FIELD_MISSING: ['a required field of the campaign has no value', rest('REQUIRED_FIELD_MISSING')],
  STRING_TOO_LONG: ['a value is longer than its field', rest('STRING_TOO_LONG')],
  INVALID_FIELD: ['a field does not exist, or the API user may not see it', rest('INVALID_FIELD')],
  INVALID_FIELD_FOR_INSERT_UPDATE: [
    'the API user may not write a field',
    rest('INVALID_FIELD_FOR_INSERT_UPDATE'),
  ],
  INVALID_TYPE: ['the API user may not see the object', rest('INVALID_TYPE')],
  NOT_FOUND: ['the object, record or external id field was not found', rest('NOT_FOUND')],
  INSUFFICIENT_ACCESS: ['the API user lacks a permission', rest('INSUFFICIENT_ACCESS')],
  INSUFFICIENT_ACCESS_OR_READONLY: ['the API user may not write this', rest('INSUFFICIENT_ACCESS')],
  DUPLICATE_VALUE: ['another record has this value in a unique field', rest('DUPLICATE_VALUE')],
  MULTIPLE_CHOICES: ['several campaigns belong to one session', rest('MULTIPLE_CHOICES')],
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: [
    'a value is not in the picklist',
    rest('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'),
  ],
  FIELD_CUSTOM_VALIDATION_EXCEPTION: [
    'a validation rule refuses it',
    rest('FIELD_CUSTOM_VALIDATION_EXCEPTION'),
  ],
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: [
    'a trigger or flow of the org fails',
    rest('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'),
  ],
};
