import type { Random, SandboxClock } from '../kernel/clock.ts';
import { type Exchange, jsonReply, type Reply, type VendorService } from '../kernel/exchange.ts';
import { CampaignResource } from './campaign-resource.ts';
import { Campaigns } from './campaigns.ts';
import type { KeyPair, SalesforceCredentials } from './credentials.ts';
import { IdSequence } from './ids.ts';
import { DailyLimit } from './limits.ts';
import { notFound, RestError } from './rest-error.ts';
import { Sessions } from './sessions.ts';
import { SALESFORCE_DEFAULTS, type SalesforceSwitches } from './switches.ts';
import { TokenEndpoint } from './token-endpoint.ts';
import { ToolingResource } from './tooling/resource.ts';
import { type BusinessUnit, ToolingTables } from './tooling/tables.ts';
import { SalesforceWorld } from './world.ts';

/** Versions that answer: 31.0 is the oldest not retired, 68.0 is Winter '27 (salesforce.md §2.2). */
const OLDEST_VERSION = 31;
const NEWEST_VERSION = 68;

export interface SalesforceParts {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches?: Partial<SalesforceSwitches>;
  /** Own base URL, known after listening: login host, My Domain and instance in one. */
  readonly loginUrl: () => string;
  /** For assertions; a new pair when absent. */
  readonly keys?: KeyPair;
  /** Those of Account Engagement; none when absent. */
  readonly businessUnits?: readonly BusinessUnit[];
}

/** A Salesforce org as far as this product meets it: token endpoint, Campaign, and the Tooling API (salesforce.md §9). */
export class Salesforce implements VendorService {
  readonly name = 'salesforce';
  readonly switches: SalesforceSwitches;
  readonly world: SalesforceWorld;
  readonly #endpoint: TokenEndpoint;
  readonly #sessions: Sessions;
  readonly #resource: CampaignResource;
  readonly #tooling: ToolingResource;
  readonly #limit: DailyLimit;

  constructor(parts: SalesforceParts) {
    const { clock, random, loginUrl, keys, businessUnits = [] } = parts;
    const switches = { ...SALESFORCE_DEFAULTS, ...parts.switches };
    const organizationId = new IdSequence('00D', 'Qy00', 1_000).take();
    const userId = new IdSequence('005', 'Qy00', 1_000).take();
    const sessions = new Sessions({ clock, random, switches, organizationId });
    const campaigns = new Campaigns({ clock, switches, ownerId: userId });
    const tables = new ToolingTables({ switches, businessUnits });
    this.switches = switches;
    this.#sessions = sessions;
    this.#endpoint = new TokenEndpoint({
      clock,
      random,
      switches,
      sessions,
      loginUrl,
      organizationId,
      userId,
      keys,
    });
    this.#resource = new CampaignResource({ campaigns, switches });
    this.#tooling = new ToolingResource({ tables, campaigns, switches });
    this.#limit = new DailyLimit(clock, switches);
    this.world = new SalesforceWorld({ campaigns, sessions, endpoint: this.#endpoint, tables });
  }

  get credentials(): SalesforceCredentials {
    return this.#endpoint.credentials;
  }

  handle(exchange: Exchange): Reply {
    const path = exchange.path.replace(/\/$/, '');
    if (path === '/services/oauth2/token') return this.#endpoint.handle(exchange);
    if (path === '/services/data') return jsonReply(200, versionList());
    const reply = this.#rest(exchange, path);
    return { ...reply, headers: { ...reply.headers, 'sforce-limit-info': this.#limit.header() } };
  }

  #rest(exchange: Exchange, path: string): Reply {
    try {
      this.#authenticate(exchange);
      this.#limit.spend();
      return this.#route(exchange, path);
    } catch (error) {
      if (error instanceof RestError) return error.reply();
      throw error;
    }
  }

  #authenticate(exchange: Exchange): void {
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1] ?? '';
    if (!this.switches.persistentlyUnauthorized && this.#sessions.use(token)) return;
    throw new RestError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  }

  #route(exchange: Exchange, path: string): Reply {
    const [, version = '', resource = ''] = /^\/services\/data\/v(\d+\.0)\/(.+)$/.exec(path) ?? [];
    if (version === '' || Number(version) > NEWEST_VERSION) throw notFound();
    if (Number(version) < OLDEST_VERSION) {
      throw new RestError(410, 'UNSUPPORTED_API_VERSION', `API version v${version} is no longer supported`);
    }
    const [first, second, ...rest] = resource.split('/');
    if (first === 'sobjects' && second === 'Campaign') return this.#resource.handle(exchange, version, rest);
    if (first === 'tooling') {
      return this.#tooling.handle(exchange, version, second === undefined ? [] : [second, ...rest]);
    }
    if (exchange.method !== 'GET' || second !== undefined) throw notFound();
    if (first === 'limits') return jsonReply(200, this.#limit.body());
    if (first === 'query') return this.#resource.query(exchange.query.get('q') ?? '', version);
    throw notFound();
  }
}

function versionList(): readonly { label: string; url: string; version: string }[] {
  return Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, index) => {
    const version = `${OLDEST_VERSION + index}.0`;
    return { label: `API ${version}`, url: `/services/data/v${version}`, version };
  });
}
