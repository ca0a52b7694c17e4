import { jsonReply, type Reply } from '../kernel/exchange.ts';

/** A refusal of the token endpoint: an object, not the REST API's array (salesforce.md §2.1). */
export class OAuthError extends Error {
  readonly error: string;
  readonly status: number;

  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }

  reply(): Reply {
    return jsonReply(this.status, { error: this.error, error_description: this.message });
  }
}
