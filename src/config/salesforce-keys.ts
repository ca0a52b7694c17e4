import { key, SALESFORCE_AUTH_METHODS, type SalesforceAuthMethod, section } from './key.ts';
import type { SecretReference } from './secret-reference.ts';

export const salesforce = section('The Salesforce org that the business unit belongs to.', {
  login_url: key<string>({
    doc:
      'Where tokens come from: `https://login.salesforce.com`, `https://test.salesforce.com` for sandboxes, ' +
      'or the My Domain address, which `client_credentials` needs.',
    format: 'base_url',
    default: 'https://login.salesforce.com',
  }),
  instance_url: key<string | null>({
    doc: 'My Domain address of the org. When given, no other host is accepted for API calls.',
    format: 'base_url',
    default: null,
    otherwise: 'the address that comes with the token',
    required: ['client_credentials'],
    example: 'https://your-domain.my.salesforce.com',
    limits: { originOnly: true },
  }),
  auth: key<SalesforceAuthMethod>({
    doc: 'How to log in: `jwt` (a key pair, recommended), `client_credentials` or `refresh_token`.',
    format: 'choice',
    default: 'jwt',
    limits: { values: SALESFORCE_AUTH_METHODS },
  }),
  client_id: key<string>({
    doc: 'Consumer key of the connected app or external client app.',
    format: 'text',
    default: null,
    required: true,
    example: '3MVG9…',
    limits: { pattern: /^[!-~]{1,500}$/, patternText: 'a consumer key, without spaces' },
  }),
  username: key<string | null>({
    doc: 'Salesforce user to act as. It must be synchronised into the business unit.',
    format: 'text',
    default: null,
    required: ['jwt'],
    only: ['jwt'],
    example: 'integration@example.com',
    limits: {
      pattern: /^[^\s@]+@[^\s@]+$/,
      patternText: 'a Salesforce username, which looks like an e-mail address',
    },
  }),
  private_key: key<SecretReference | null>({
    doc: 'RSA private key (PEM) whose certificate is uploaded to the app.',
    format: 'secret',
    default: null,
    required: ['jwt'],
    only: ['jwt'],
    example: '{ credential: salesforce-private-key }',
    limits: { secret: 'private_key' },
  }),
  audience: key<string | null>({
    doc: 'Audience of the JWT, where it differs from the login address.',
    format: 'base_url',
    default: null,
    otherwise: 'the value of `login_url`',
    only: ['jwt'],
    example: 'https://login.salesforce.com',
  }),
  client_secret: key<SecretReference | null>({
    doc: 'Consumer secret of the app. With `refresh_token` only where the app asks for it.',
    format: 'secret',
    default: null,
    required: ['client_credentials'],
    only: ['client_credentials', 'refresh_token'],
    example: '{ credential: salesforce-client-secret }',
    limits: { secret: 'text' },
  }),
  refresh_token: key<SecretReference | null>({
    doc: 'Refresh token, obtained once by an interactive login.',
    format: 'secret',
    default: null,
    required: ['refresh_token'],
    only: ['refresh_token'],
    example: '{ credential: salesforce-refresh-token }',
    limits: { secret: 'text' },
  }),
  api_version: key<string>({
    doc: 'Version of the Salesforce REST API.',
    format: 'api_version',
    default: '66.0',
    limits: { min: 56 },
  }),
  campaign_external_id_field: key<string>({
    doc: 'Custom field of Campaign (Text, External ID, Unique) that holds the Livestorm session id.',
    format: 'text',
    default: 'Livestorm_Session_Id__c',
    limits: {
      pattern: /^[A-Za-z][A-Za-z0-9_]{0,40}__c$/,
      patternText: 'the API name of a custom field (…__c)',
    },
  }),
  campaign_record_type_id: key<string | null>({
    doc: 'Record type for new campaigns.',
    format: 'text',
    default: null,
    otherwise: "the user's default record type",
    example: '012000000000000AAA',
    limits: {
      pattern: /^012[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/,
      patternText: 'a record type id of 15 or 18 characters that starts with 012',
    },
  }),
});
