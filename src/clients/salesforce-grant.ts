import { sign } from 'node:crypto';

/** One of the three grants of salesforce.md §2.1. */
export type SalesforceAuth =
  | {
      readonly kind: 'jwt';
      /** Consumer key of the connected or external client app. */
      readonly clientId: string;
      readonly username: string;
      /** PEM. */
      readonly privateKey: string;
      /** Login host, or My Domain. */
      readonly audience: string;
    }
  | { readonly kind: 'client_credentials'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: 'refresh_token';
      readonly clientId: string;
      readonly clientSecret?: string | undefined;
      readonly refreshToken: string;
    };

/** What jsforce needs to send a grant. */
export interface Grant {
  readonly params: { readonly grant_type: string; readonly [name: string]: string };
  /** jsforce adds these to every grant, so a JWT grant has none. */
  readonly client: { readonly clientId?: string; readonly clientSecret?: string };
}

/** The vendor's help asks for at most three minutes (salesforce.md §2.1). */
const ASSERTION_SECONDS = 180;

/** Throws what node:crypto throws when the private key cannot be used. */
export function grantFor(auth: SalesforceAuth, nowMs: number): Grant {
  switch (auth.kind) {
    case 'jwt':
      return {
        params: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: assertion(auth, nowMs),
        },
        client: {},
      };
    case 'client_credentials':
      return {
        params: { grant_type: 'client_credentials' },
        client: { clientId: auth.clientId, clientSecret: auth.clientSecret },
      };
    case 'refresh_token':
      return {
        params: { grant_type: 'refresh_token', refresh_token: auth.refreshToken },
        client: { clientId: auth.clientId, ...(auth.clientSecret && { clientSecret: auth.clientSecret }) },
      };
  }
}

function assertion(auth: Extract<SalesforceAuth, { kind: 'jwt' }>, nowMs: number): string {
  const claims = {
    iss: auth.clientId,
    sub: auth.username,
    aud: auth.audience,
    exp: Math.floor(nowMs / 1000) + ASSERTION_SECONDS,
  };
  const unsigned = `${base64url({ alg: 'RS256' })}.${base64url(claims)}`;
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), auth.privateKey).toString('base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
