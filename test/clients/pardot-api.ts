import nock from 'nock';
import type { PardotOptions } from '../../src/clients/pardot-wire.ts';
import type { TokenSource } from '../../src/clients/token-source.ts';
import type { Governor } from '../../src/governor/governor.ts';
import { wireParts } from '../support/strict-nock.ts';

export const HOST = 'https://pi.pardot.test';
export const OBJECTS = '/api/v5/objects';
export const NOW = Date.parse('2026-03-02T08:00:00Z');
const UNIT = '0Uv000000000001AAA';

const ALWAYS_VALID: TokenSource = { token: async () => 'token-1', invalidate: () => undefined };

/** What a client is made from; its clock stands at `NOW`. */
export function pardotOptions(governor: Governor, tokens: TokenSource = ALWAYS_VALID): PardotOptions {
  return { http: wireParts(NOW), baseUrl: HOST, businessUnitId: UNIT, tokens, governor };
}

/** Everything must carry token and business unit, and ask for JSON and the usage. */
export function api(token = 'token-1'): nock.Scope {
  return nock(HOST, {
    reqheaders: {
      authorization: `Bearer ${token}`,
      'pardot-business-unit-id': UNIT,
      'x-return-api-usage': '1',
      accept: 'application/json',
    },
  });
}

/** A page of rows. Its `nextPageUrl` must never be followed. */
export function values(rows: unknown[], nextPageToken: string | null = null): object {
  return {
    nextPageToken,
    nextPageUrl: nextPageToken && 'https://elsewhere.example/api?nextPageToken=x',
    values: rows,
  };
}
