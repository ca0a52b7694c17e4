import type { Random, SandboxClock } from '../kernel/clock.ts';
import type { Exchange, Reply, VendorService } from '../kernel/exchange.ts';
import { Admission } from './admission.ts';
import type { Call } from './collection.ts';
import { COLLECTIONS } from './collections/index.ts';
import { builtInExtension } from './extensions.ts';
import { Failure, failureReply, GatewayTimeout, gatewayReply } from './failure.ts';
import { settleImports } from './imports/run.ts';
import { CampaignMirrors } from './mirrors.ts';
import { route } from './router.ts';
import { type MarketingExtensionView, PardotState, type SalesforceCampaignView } from './state.ts';
import { type PardotSwitches, switchesWith } from './switches.ts';
import { PardotWorld } from './world.ts';

export type { MarketingExtensionView, SalesforceCampaignView } from './state.ts';

/** Headers that every recorded answer carried. pardot.md §1.3. */
const ALWAYS = {
  server: 'PardotServer',
  'set-cookie': 'pardot=sandbox; path=/',
  expires: 'Thu, 19 Nov 1981 08:52:00 GMT',
  'cache-control': 'no-store, no-cache, must-revalidate',
};

export interface PardotParts {
  readonly clock: SandboxClock;
  readonly random: Random;
  /** Whether Salesforce issued this access token and it has not expired. */
  readonly isTokenValid: (token: string) => boolean;
  /** All campaigns of the org, deleted ones flagged. */
  readonly salesforceCampaigns: () => readonly SalesforceCampaignView[];
  /** Those of the org, each with the business units it is assigned to; an active one of our own when absent. */
  readonly marketingExtensions?: () => readonly MarketingExtensionView[];
  /** 18 characters; a fixed one when absent. */
  readonly businessUnitId?: string;
  readonly switches?: Partial<PardotSwitches>;
}

/** One Account Engagement business unit: REST API v5 as `handle`, its people and admins as `world`. */
export class Pardot implements VendorService {
  readonly name = 'pardot';
  readonly businessUnitId: string;
  readonly switches: PardotSwitches;
  readonly world: PardotWorld;
  readonly #state: PardotState;
  readonly #mirrors: CampaignMirrors;
  readonly #admission: Admission;

  constructor(parts: PardotParts) {
    const { clock, random, isTokenValid, salesforceCampaigns } = parts;
    const { businessUnitId = '0Uv000000000000AAA' } = parts;
    const { marketingExtensions = () => [builtInExtension(businessUnitId)] } = parts;
    const switches = switchesWith(parts.switches);
    this.switches = switches;
    this.businessUnitId = businessUnitId;
    const tables = { clock, random, switches };
    this.#state = new PardotState({ ...tables, businessUnitId, salesforceCampaigns, marketingExtensions });
    this.#mirrors = new CampaignMirrors(this.#state);
    this.#admission = new Admission(this.#state, { isTokenValid, businessUnitId });
    this.world = new PardotWorld(this.#state, this.#mirrors);
  }

  /** Answers one request, by the clock's present. */
  handle(exchange: Exchange): Reply {
    const call: Call = { state: this.#state, exchange, collections: COLLECTIONS, warnings: new Set() };
    const reply = this.#answer(call);
    const headers: Record<string, string> = { ...ALWAYS, ...reply.headers };
    if (call.warnings.size > 0) headers['pardot-warning'] = [...call.warnings].join(', ');
    const wantsUsage = /^(1|true)$/i.test(exchange.headers['x-return-api-usage'] ?? '');
    if (wantsUsage && reply.status !== 401 && reply.status !== 403)
      headers['x-api-usage'] = this.#admission.usage();
    return { ...reply, headers };
  }

  #answer(call: Call): Reply {
    try {
      this.#admission.admit(call.exchange);
      this.#mirrors.refresh();
      settleImports(this.#state);
      return route(call);
    } catch (error) {
      if (error instanceof Failure) return failureReply(error, this.switches);
      if (error instanceof GatewayTimeout) return gatewayReply();
      throw error;
    }
  }
}
