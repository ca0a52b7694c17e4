import { jsonReply, type Reply } from '../kernel/exchange.ts';

/** A refusal as the REST API words it: an array of one error (salesforce.md §2.5). */
export class RestError extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
  }

  reply(): Reply {
    const { message, errorCode, fields } = this;
    return jsonReply(this.status, [fields ? { message, errorCode, fields } : { message, errorCode }]);
  }
}

export const notFound = (): RestError =>
  new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');

export const invalidField = (message: string): RestError => new RestError(400, 'INVALID_FIELD', message);

export const malformedQuery = (message: string): RestError => new RestError(400, 'MALFORMED_QUERY', message);

/** `allowed`: as in an `Allow` header. */
export const methodNotAllowed = (method: string, allowed: string): RestError =>
  new RestError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed}`);
