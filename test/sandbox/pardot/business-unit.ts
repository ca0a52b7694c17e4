import { Random } from '../../../src/sandbox/kernel/clock.ts';
import { builtInExtension } from '../../../src/sandbox/pardot/extensions.ts';
import {
  type MarketingExtensionView,
  Pardot,
  type SalesforceCampaignView,
} from '../../../src/sandbox/pardot/service.ts';
import type { PardotSwitches } from '../../../src/sandbox/pardot/switches.ts';

export const START_MS = Date.parse('2026-03-02T12:00:00Z');
export const TOKEN = 'token-1';
const BUSINESS_UNIT_ID = '0Uv000000000000AAA';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; null when it is not JSON. */
  readonly json: AnyJson;
}

export type AnyJson = { readonly [name: string]: unknown } | null;

export interface Sent {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Sent as JSON, or as it is when it is bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly inFlight?: number;
}

/** A business unit in memory, on a clock that stands still until it is moved. */
export class BusinessUnit {
  readonly pardot: Pardot;
  readonly clock = { atMs: START_MS, now: () => this.clock.atMs };
  readonly salesforceCampaigns: SalesforceCampaignView[] = [];
  /** Set, it takes the place of the built-in extension. */
  marketingExtensions: readonly MarketingExtensionView[] | undefined;

  /** Without read lag, view noise and lower ids unless asked for. */
  constructor(switches: Partial<PardotSwitches> = {}, seed = 1) {
    this.pardot = new Pardot({
      clock: this.clock,
      random: new Random(seed),
      isTokenValid: (token) => token === TOKEN,
      salesforceCampaigns: () => this.salesforceCampaigns,
      marketingExtensions: () => this.marketingExtensions ?? [builtInExtension(BUSINESS_UNIT_ID)],
      businessUnitId: BUSINESS_UNIT_ID,
      switches: { readLagMs: { min: 0, max: 0 }, noise: 'none', lowerIdChance: 0, ...switches },
    });
  }

  get world() {
    return this.pardot.world;
  }

  advance(ms: number): void {
    this.clock.atMs += ms;
  }

  /** `path` from the collection on, e.g. `lists/7`. */
  call(path: string, sent: Sent = {}): Answer {
    const { method = 'GET', query = {}, body, headers = {}, inFlight = 1 } = sent;
    const reply = this.pardot.handle({
      method,
      path: path.startsWith('/') ? path : `/api/v5/objects/${path}`,
      query: searchOf(query),
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'pardot-business-unit-id': this.pardot.businessUnitId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      inFlight,
    });
    return { status: reply.status, headers: reply.headers, text: reply.body, json: parse(reply.body) };
  }

  /** Status and code of an answer, as `400/13`. */
  refusal(path: string, sent: Sent = {}): string {
    const { status, json } = this.call(path, sent);
    return `${status}/${String(json?.code)}`;
  }

  /** The rows of a query's one page. */
  values(collection: string, query: Readonly<Record<string, string | number>>): Record<string, unknown>[] {
    const { status, json, text } = this.call(collection, { query });
    if (status !== 200) throw new Error(`${status} ${text}`);
    return (json?.values ?? []) as Record<string, unknown>[];
  }

  ids(collection: string, query: Readonly<Record<string, string | number>> = {}): unknown[] {
    return this.values(collection, { fields: 'id', ...query }).map((row) => row.id);
  }

  post(path: string, body: unknown, query: Readonly<Record<string, string>> = { fields: 'id' }): Answer {
    return this.call(path, { method: 'POST', body, query });
  }

  patch(path: string, body: unknown, query: Readonly<Record<string, string>> = {}): Answer {
    return this.call(path, { method: 'PATCH', body, query });
  }
}

/** One with a campaign and a form on it. */
export function unitWithForm(switches: Partial<PardotSwitches> = {}) {
  const unit = new BusinessUnit(switches);
  const campaignId = unit.world.createCampaign({ name: 'Old campaign', createdAtMs: START_MS - 86_400_000 });
  const formId = unit.world.createForm({ name: 'Sign up', campaignId });
  return { unit, campaignId, formId };
}

function searchOf(query: Readonly<Record<string, string | number>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  return search;
}

function parse(text: string): AnyJson {
  try {
    return JSON.parse(text) as AnyJson;
  } catch {
    return null;
  }
}
