import { Random } from '../../../src/sandbox/kernel/clock.ts';
import type { Exchange, Reply } from '../../../src/sandbox/kernel/exchange.ts';
import { newKeyPair } from '../../../src/sandbox/salesforce/credentials.ts';
import { Salesforce } from '../../../src/sandbox/salesforce/service.ts';
import type { SalesforceSwitches } from '../../../src/sandbox/salesforce/switches.ts';
import type { BusinessUnit } from '../../../src/sandbox/salesforce/tooling/tables.ts';
import { JWT_BEARER, signAssertion } from './assertion.ts';

export const LOGIN_URL = 'http://127.0.0.1:1';
const START_MS = Date.UTC(2026, 2, 1, 9);
const keys = newKeyPair();

/** A Salesforce org without socket, on a clock that the test moves. */
export class Org {
  nowMs = START_MS;
  readonly salesforce: Salesforce;

  constructor(switches: Partial<SalesforceSwitches> = {}, businessUnits: readonly BusinessUnit[] = []) {
    this.salesforce = new Salesforce({
      clock: { now: () => this.nowMs },
      random: new Random(7),
      switches,
      loginUrl: () => LOGIN_URL,
      keys,
      businessUnits,
    });
  }

  post(form: Record<string, string>, headers: Record<string, string> = {}): Reply {
    return this.send('POST', '/services/oauth2/token', new URLSearchParams(form).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  }

  jwtGrant(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Reply {
    const assertion = this.assertion(claims, header);
    return this.post({ grant_type: JWT_BEARER, assertion });
  }

  assertion(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
    const { clientId, username, privateKeyPem } = this.salesforce.credentials;
    const exp = Math.floor(this.nowMs / 1000) + 180;
    const all = { iss: clientId, sub: username, aud: LOGIN_URL, exp, ...claims };
    return signAssertion(all, privateKeyPem, header);
  }

  token(): string {
    return String(json(this.jwtGrant()).access_token);
  }

  /** One REST call with JSON body; `path` follows `/services/data/v66.0`, unless it starts with `/services`. */
  rest(method: string, path: string, token: string, body?: unknown): Reply {
    const full = path.startsWith('/services') ? path : `/services/data/v66.0${path}`;
    return this.send(method, full, body === undefined ? '' : JSON.stringify(body), {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    });
  }

  send(method: string, path: string, body = '', headers: Record<string, string> = {}): Reply {
    const url = new URL(path, LOGIN_URL);
    const exchange: Exchange = {
      method,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers,
      body: Buffer.from(body),
      inFlight: 1,
    };
    return this.salesforce.handle(exchange);
  }
}

export function json(reply: Reply): Record<string, unknown> {
  return JSON.parse(reply.body) as Record<string, unknown>;
}

export function errorOf(reply: Reply): {
  status: number;
  errorCode: string;
  message: string;
  fields?: string[];
} {
  const [error] = JSON.parse(reply.body) as { errorCode: string; message: string; fields?: string[] }[];
  if (!error) throw new Error(`no error in ${reply.body}`);
  return { status: reply.status, ...error };
}
