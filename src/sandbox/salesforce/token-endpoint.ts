import type { KeyObject } from 'node:crypto';
import type { Random, SandboxClock } from '../kernel/clock.ts';
import { type Exchange, jsonReply, type Reply } from '../kernel/exchange.ts';
import { checkAssertion, publicKeyOf } from './assertion.ts';
import {
  type KeyPair,
  newCredentials,
  newKeyPair,
  newRefreshToken,
  type SalesforceCredentials,
} from './credentials.ts';
import { OAuthError } from './oauth-error.ts';
import { randomText, type Sessions } from './sessions.ts';
import type { SalesforceSwitches } from './switches.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** A production org takes assertions for its login host as well as for its own address. */
const LOGIN_HOST = 'https://login.salesforce.com';

export interface TokenEndpointParts {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches: Readonly<SalesforceSwitches>;
  readonly sessions: Sessions;
  readonly loginUrl: () => string;
  readonly organizationId: string;
  readonly userId: string;
  readonly keys?: KeyPair | undefined;
}

/** `POST /services/oauth2/token` with the grants JWT bearer, client credentials and refresh token (salesforce.md §2.1). */
export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;
  readonly #publicKey: KeyObject;
  #credentials: SalesforceCredentials;
  /** Requests seen, refused ones too. */
  requests = 0;

  constructor(parts: TokenEndpointParts) {
    const keys = parts.keys ?? newKeyPair();
    this.#parts = parts;
    this.#publicKey = publicKeyOf(keys.publicKeyPem);
    this.#credentials = newCredentials(parts.random, keys);
  }

  get credentials(): SalesforceCredentials {
    return this.#credentials;
  }

  handle(exchange: Exchange): Reply {
    this.requests++;
    try {
      if (exchange.method !== 'POST') throw new OAuthError('invalid_request', 'must use HTTP POST');
      return jsonReply(200, this.#grant(formWithBasic(exchange)));
    } catch (error) {
      if (error instanceof OAuthError) return error.reply();
      throw error;
    }
  }

  #grant(form: URLSearchParams): Record<string, string> {
    switch (form.get('grant_type')) {
      case JWT_BEARER:
        return this.#jwtBearer(form);
      case 'client_credentials':
        return this.#clientCredentials(form);
      case 'refresh_token':
        return this.#refreshToken(form);
      default:
        throw new OAuthError('unsupported_grant_type', 'grant type not supported');
    }
  }

  #jwtBearer(form: URLSearchParams): Record<string, string> {
    if (form.has('scope')) throw new OAuthError('invalid_request', 'scope parameter not supported');
    const { clock, switches, loginUrl } = this.#parts;
    checkAssertion(form.get('assertion') ?? '', {
      publicKey: this.#publicKey,
      clientId: this.#credentials.clientId,
      username: this.#credentials.username,
      audiences: [loginUrl(), LOGIN_HOST],
      nowMs: clock.now(),
      refuseFarExpiry: switches.refuseFarExpiry,
    });
    return this.#openSession();
  }

  #clientCredentials(form: URLSearchParams): Record<string, string> {
    if (this.#parts.switches.clientCredentials === 'wrong_domain') {
      throw new OAuthError('invalid_grant', 'request not supported on this domain');
    }
    this.#checkClient(form);
    if (this.#parts.switches.clientCredentials === 'no_user') {
      throw new OAuthError('invalid_grant', 'no client credentials user enabled');
    }
    return { ...this.#openSession(), ...this.#signature() };
  }

  #refreshToken(form: URLSearchParams): Record<string, string> {
    this.#checkClient(form);
    if (form.get('refresh_token') !== this.#credentials.refreshToken) {
      throw new OAuthError('invalid_grant', 'expired access/refresh token');
    }
    const answer = { ...this.#openSession(), ...this.#signature() };
    if (!this.#parts.switches.rotateRefreshTokens) return answer;
    const refreshToken = newRefreshToken(this.#parts.random);
    this.#credentials = { ...this.#credentials, refreshToken };
    return { ...answer, refresh_token: refreshToken };
  }

  #checkClient(form: URLSearchParams): void {
    const { clientId, clientSecret } = this.#credentials;
    if (form.get('client_id') !== clientId) {
      throw new OAuthError('invalid_client_id', 'client identifier invalid');
    }
    if (form.get('client_secret') !== clientSecret) {
      throw new OAuthError('invalid_client', 'invalid client credentials', 401);
    }
  }

  /** No `expires_in`: a client learns the end of a session from a 401. */
  #openSession(): Record<string, string> {
    const { sessions, loginUrl, organizationId, userId } = this.#parts;
    return {
      access_token: sessions.open(),
      scope: 'api pardot_api refresh_token',
      instance_url: loginUrl(),
      id: `${loginUrl()}/id/${organizationId}/${userId}`,
      token_type: 'Bearer',
    };
  }

  #signature(): Record<string, string> {
    const signature = Buffer.from(randomText(this.#parts.random, '0123456789abcdef', 32)).toString('base64');
    return { signature, issued_at: String(this.#parts.clock.now()) };
  }
}

/** The form, with client id and secret from a Basic header when the body has none. */
function formWithBasic(exchange: Exchange): URLSearchParams {
  const form = new URLSearchParams(exchange.body.toString('utf8'));
  const basic = /^Basic (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  if (!basic || form.has('client_id')) return form;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  form.set('client_id', id);
  form.set('client_secret', secret);
  return form;
}
