import { ATTENDANCE_FIELDS } from './attendance-fields.ts';
import {
  type Connection,
  configYaml,
  type SandboxCredentials,
  type SandboxUrls,
  writeConfig,
} from './config-file.ts';
import { answer, type Played } from './kernel/answer.ts';
import { Random, type SandboxClock } from './kernel/clock.ts';
import type { Exchange, VendorService } from './kernel/exchange.ts';
import { Faults } from './kernel/faults.ts';
import { RequestLog } from './kernel/request-log.ts';
import { VendorServer } from './kernel/server.ts';
import { Livestorm } from './livestorm/service.ts';
import type { LivestormSwitches } from './livestorm/switches.ts';
import { LIVESTORM_EXTENSION } from './livestorm-extension.ts';
import { Pages } from './pages/service.ts';
import { Pardot } from './pardot/service.ts';
import type { PardotSwitches } from './pardot/switches.ts';
import type { KeyPair } from './salesforce/credentials.ts';
import { Salesforce } from './salesforce/service.ts';
import type { SalesforceSwitches } from './salesforce/switches.ts';

/** Ports on loopback; 0 takes any free one. */
export interface SandboxPorts {
  readonly livestorm: number;
  readonly pardot: number;
  readonly salesforce: number;
  readonly pages: number;
}

export interface SandboxOptions {
  /** Real time when absent. */
  readonly clock?: SandboxClock;
  /** 1 when absent. */
  readonly seed?: number;
  /** 0 each when absent. */
  readonly ports?: Partial<SandboxPorts>;
  /** Real milliseconds that every answer takes; 0 when absent. */
  readonly latencyMs?: number;
  readonly switches?: {
    readonly livestorm?: Partial<LivestormSwitches>;
    readonly pardot?: Partial<PardotSwitches>;
    readonly salesforce?: Partial<SalesforceSwitches>;
  };
  /**
   * Nothing is prepared for a connector: no external id field on Campaign, no marketing app extension, no custom fields
   * for attendance.
   */
  readonly bare?: boolean;
  /** Of the connected app; generated when absent, which takes some tenths of a second. */
  readonly keys?: KeyPair;
}

const BUSINESS_UNIT = { id: '0Uv000000000000AAA', name: 'Sandbox' };

const URLS_WITHOUT_SOCKETS: SandboxUrls = {
  livestorm: 'http://127.0.0.1:4101/v1',
  pardot: 'http://127.0.0.1:4102',
  salesforce: 'http://127.0.0.1:4103',
  pages: 'http://127.0.0.1:4100',
};

const REAL_CLOCK: SandboxClock = { now: () => Date.now() };

/** The three vendors and the control page, each on a port of its own, until disposed. */
export class Sandbox {
  readonly clock: SandboxClock;
  readonly livestorm: Livestorm;
  readonly pardot: Pardot;
  readonly salesforce: Salesforce;
  readonly faults = new Faults();
  readonly log = new RequestLog();
  /** Real milliseconds that every answer takes. */
  latencyMs: number;
  readonly #pages: Pages;
  readonly #servers: Readonly<Record<VendorService['name'], VendorServer>>;
  #isListening = false;

  private constructor(options: SandboxOptions) {
    const { clock = REAL_CLOCK, seed = 1, switches = {}, keys, bare = false } = options;
    this.clock = clock;
    this.latencyMs = options.latencyMs ?? 0;
    this.salesforce = new Salesforce({
      clock,
      random: new Random(seed),
      switches: { externalIdFieldExists: !bare, ...switches.salesforce },
      loginUrl: () => this.urls.salesforce,
      businessUnits: [BUSINESS_UNIT],
      ...(keys ? { keys } : {}),
    });
    this.livestorm = new Livestorm({
      clock,
      random: new Random(seed + 1),
      switches: switches.livestorm ?? {},
    });
    this.pardot = new Pardot({
      clock,
      random: new Random(seed + 2),
      switches: switches.pardot ?? {},
      isTokenValid: (token) => this.salesforce.world.isTokenValid(token),
      salesforceCampaigns: () => this.salesforce.world.campaigns(),
      marketingExtensions: () => this.salesforce.world.marketingExtensions(),
      businessUnitId: BUSINESS_UNIT.id,
    });
    if (!bare) this.#prepare();
    this.#pages = this.#newPages(new Random(seed + 3));
    this.#servers = {
      livestorm: this.#newServer(this.livestorm),
      pardot: this.#newServer(this.pardot),
      salesforce: this.#newServer(this.salesforce),
      pages: this.#newServer(this.#pages),
    };
  }

  /** Listens on all four ports; rejects when one is taken, with none left open. */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    await using opened = new AsyncDisposableStack();
    for (const name of ['livestorm', 'pardot', 'salesforce', 'pages'] as const) {
      await sandbox.#servers[name].listen(options.ports?.[name] ?? 0);
      opened.use(sandbox.#servers[name]);
    }
    opened.move();
    sandbox.#isListening = true;
    return sandbox;
  }

  /** Without sockets: `answer` is the only way in. */
  static create(options: Omit<SandboxOptions, 'ports' | 'latencyMs'> = {}): Sandbox {
    return new Sandbox(options);
  }

  /** One request to one vendor, the armed faults and the log included. */
  answer(vendor: VendorService['name'], exchange: Exchange): Played {
    const service = vendor === 'pages' ? this.#pages : this[vendor];
    return answer(this, service, exchange);
  }

  /** Addresses of the servers; those of a sandbox that does not listen only name its vendors. */
  get urls(): SandboxUrls {
    if (!this.#isListening) return URLS_WITHOUT_SOCKETS;
    const { livestorm, pardot, salesforce, pages } = this.#servers;
    return {
      livestorm: `${livestorm.url}/v1`,
      pardot: pardot.url,
      salesforce: salesforce.url,
      pages: pages.url,
    };
  }

  get credentials(): SandboxCredentials {
    return {
      livestorm: { apiToken: this.livestorm.token },
      pardot: { businessUnitId: this.pardot.businessUnitId },
      salesforce: this.salesforce.credentials,
    };
  }

  /** A configuration of the daemon; secrets come from `LIVESTORM_API_TOKEN` and `SALESFORCE_PRIVATE_KEY`. */
  configYaml(): string {
    return configYaml(this.#connection());
  }

  /** Writes `config.yaml` and its secrets into `dir`; returns the path of the configuration. */
  writeConfig(dir: string): Promise<string> {
    return writeConfig(this.#connection(), dir);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isListening) return;
    await Promise.all(Object.values(this.#servers).map((server) => server[Symbol.asyncDispose]()));
  }

  /** What a connector needs in Salesforce and Account Engagement, as an admin would make it. */
  #prepare(): void {
    this.salesforce.world.createMarketingExtension({
      ...LIVESTORM_EXTENSION,
      assignedBusinessUnitIds: [BUSINESS_UNIT.id],
    });
    for (const { fieldId, name, type } of ATTENDANCE_FIELDS) {
      this.pardot.world.createCustomField({ fieldId, name, type });
    }
  }

  #connection(): Connection {
    const { urls, credentials } = this;
    return { urls, credentials, externalIdField: this.salesforce.switches.externalIdField };
  }

  #newServer(service: VendorService): VendorServer {
    const { clock, faults, log } = this;
    return new VendorServer(service, { clock, faults, log, latencyMs: () => this.latencyMs });
  }

  #newPages(random: Random): Pages {
    const { livestorm, pardot, salesforce, faults, log, clock } = this;
    return new Pages({
      livestorm: livestorm.world,
      pardot: pardot.world,
      salesforce: salesforce.world,
      switches: {
        livestorm: livestorm.switches,
        pardot: pardot.switches,
        salesforce: salesforce.switches,
      },
      faults,
      log,
      random,
      now: () => clock.now(),
      connection: () => this.#connection(),
    });
  }
}
