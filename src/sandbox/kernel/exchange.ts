/** One request as a vendor sees it, after the socket and before any meaning. */
export interface Exchange {
  readonly method: string;
  /** Decoded path without query, e.g. `/v1/sessions/abc/people`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Requests this vendor is working on at this moment, this one included. */
  readonly inFlight: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A vendor: a function from request to answer, without sockets, so that the same code serves loopback servers
 * and in-process callers.
 */
export interface VendorService {
  readonly name: 'livestorm' | 'pardot' | 'salesforce' | 'pages';
  handle(exchange: Exchange): Reply;
}

export function jsonReply(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function htmlReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** Parses a JSON body; undefined when it is none. */
export function readJson(exchange: Exchange): unknown {
  try {
    return JSON.parse(exchange.body.toString('utf8'));
  } catch {
    return undefined;
  }
}
