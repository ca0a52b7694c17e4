import type { Call } from '../domain.ts';

/** One access token for Salesforce and Pardot together. */
export interface TokenSource {
  /** The current token; fetches one when there is none. Rejects with AuthError or ParkedError. */
  token(call: Call): Promise<string>;
  /** Says that the vendor refused this token; the next `token()` fetches another, within strict limits. */
  invalidate(token: string): void;
}

export class SalesforceClient {
  /** Creates or finds the campaign whose external id is the session's; never changes an existing one. */
  ensureCampaign(
    _campaign: { externalId: string; name: string; startDate: string | null; description: string },
    _call: Call,
  ): Promise<{ id: string; created: boolean }> {
    throw new Error('not built yet');
  }
}
