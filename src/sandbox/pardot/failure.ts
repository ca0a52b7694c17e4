import { htmlReply, jsonReply, type Reply } from '../kernel/exchange.ts';
import type { PardotSwitches } from './switches.ts';

/** HTTP status and text by error code: pardot.md §10, statuses of §2.1, texts where they were recorded. */
const CODES: Readonly<Record<number, readonly [status: number, message: string]>> = {
  3: [400, 'Invalid prospect ID'],
  4: [400, 'Invalid prospect email address'],
  5: [400, 'Invalid query parameters'],
  7: [400, 'Invalid timestamp'],
  9: [400, 'A prospect with the specified email address already exists'],
  13: [400, 'One or more required parameters are missing'],
  16: [400, 'Invalid ID'],
  19: [400, 'Invalid sort field'],
  20: [400, 'Invalid sort order'],
  21: [400, 'Invalid offset'],
  23: [400, 'Invalid limit'],
  38: [400, 'Invalid campaign ID'],
  46: [405, 'User lacks permission to perform this action'],
  49: [401, 'Access Denied'],
  50: [400, 'Invalid boolean value'],
  51: [400, 'Invalid parameter type'],
  54: [400, 'Email address is already in use'],
  55: [400, 'Invalid list ID'],
  56: [400, 'Invalid number'],
  57: [400, 'Invalid date'],
  58: [400, 'That prospect is already a member of that list. Update the membership instead.'],
  60: [405, 'The HTTP method is not supported for this endpoint'],
  66: [400, 'You have exceeded your concurrent request limit. Please wait, before trying again'],
  92: [400, 'Prospect not found'],
  109: [404, 'The requested record was not found.'],
  122: [400, 'Daily API rate limit met'],
  132: [400, 'The prospect is in the recycle bin'],
  138: [400, 'The supplied name is too long'],
  139: [400, 'The supplied name is invalid'],
  150: [400, 'Request body is not valid JSON'],
  151: [400, 'Content type is not supported'],
  152: [400, 'Request body is empty'],
  153: [400, 'A required property is missing'],
  154: [400, 'A property is invalid'],
  155: [400, 'The import is not in the Open state'],
  156: [400, 'The import has no rows'],
  158: [400, 'The file could not be uploaded'],
  159: [400, 'The CSV file is invalid'],
  160: [400, 'The import has as many batches as it may have'],
  161: [400, 'The state of the import does not allow this'],
  162: [400, 'No file was uploaded'],
  163: [400, 'More than one file was uploaded'],
  164: [400, 'The daily limit of import batches is reached'],
  165: [400, 'The fields of the import do not match the columns of the file'],
  180: [400, 'The following fields are invalid'],
  181: [400, 'A required header is missing'],
  182: [400, 'A header value is invalid'],
  184: [401, 'access_token is invalid, unknown, or malformed: Inactive token'],
  197: [400, 'A required field is missing'],
  198: [404, 'The requested endpoint does not exist'],
  201: [403, 'The business unit was not found or is inactive'],
  204: [400, 'The file is empty or too large'],
  205: [400, 'The action is unknown'],
  206: [400, 'An action argument is of the wrong type'],
  207: [400, 'A required action argument is missing'],
  208: [400, 'An action argument is unknown'],
  209: [400, 'Filters may use at most 3 distinct fields'],
  210: [400, 'Page token has expired.'],
  211: [400, 'Page token is invalid.'],
  218: [400, 'Connected Campaigns is not enabled'],
  219: [400, "Deleted records can't be updated. Please undelete before updating."],
  224: [400, 'The following fields can not be queried'],
  226: [400, 'The headers differ from those of an earlier batch'],
  227: [400, 'The headers are invalid'],
  245: [400, 'The supplied name is already in use.'],
};

/** A refusal with one of the vendor's codes; `detail` follows the code's text. */
export class Failure extends Error {
  readonly code: number;
  /** A `Pardot-Warning` that goes with it. */
  readonly warning: string | undefined;

  constructor(code: number, detail?: string, warning?: string) {
    const text = CODES[code]?.[1] ?? 'Error';
    super(detail === undefined ? text : `${text}: ${detail}`);
    this.code = code;
    this.warning = warning;
  }
}

/** What the gateway in front of Pardot says when a query takes too long; no code, no JSON. pardot.md §9. */
export class GatewayTimeout extends Error {}

export function failureReply(failure: Failure, switches: PardotSwitches): Reply {
  const { code, message } = failure;
  const status = switches.statuses[code] ?? CODES[code]?.[0] ?? 400;
  const warning: Record<string, string> = failure.warning ? { 'pardot-warning': failure.warning } : {};
  switch (switches.errorBodies[code] ?? 'json') {
    case 'json':
      return jsonReply(status, { code, message }, warning);
    case 'xml':
      return {
        status,
        headers: { 'content-type': 'text/xml; charset=utf-8', ...warning },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<rsp stat="fail" version="1.0"><err code="${code}">${message}</err></rsp>`,
      };
    case 'html':
      return htmlReply(status, `<html><body><h1>${message}</h1></body></html>`);
    case 'empty':
      return { status, headers: warning, body: '' };
  }
}

export function gatewayReply(): Reply {
  return htmlReply(504, '<html><body><h1>504 Gateway Time-out</h1></body></html>');
}
