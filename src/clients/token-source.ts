import type { Call } from '../domain.ts';

/** One access token for Salesforce and Pardot together. */
export interface TokenSource {
  /** The current token; fetches one when there is none. Rejects with AuthError, ParkedError or RetryableError. */
  token(call: Call): Promise<string>;
  /** Says that the vendor refused this token; the next `token()` fetches another, within strict limits. */
  invalidate(token: string): void;
}

/** A token and the only origin of Salesforce it may be sent to. */
export interface Login {
  readonly accessToken: string;
  readonly instanceUrl: string;
}

export interface LoginSource extends TokenSource {
  login(call: Call): Promise<Login>;
}
