import type { Random } from '../kernel/clock.ts';
import type { ImportRow } from './imports/model.ts';
import type {
  Campaign,
  CustomField,
  ExternalActivity,
  Form,
  FormHandler,
  LandingPage,
  List,
  ListMembership,
  PropertyValue,
  Prospect,
  StampedRow,
  User,
  VisitorActivity,
} from './rows.ts';
import type { PardotSwitches } from './switches.ts';
import { Table, type TableParts } from './table.ts';
import { UnitClock } from './unit-clock.ts';

/** A Salesforce campaign, as the connector sees it. */
export interface SalesforceCampaignView {
  /** 18 characters. */
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}

/** A marketing app extension of the org with its activity types. salesforce.md §6. */
export interface MarketingExtensionView {
  readonly developerName: string;
  readonly isActive: boolean;
  /** 18 characters each. */
  readonly assignedBusinessUnitIds: readonly string[];
  readonly types: readonly { readonly developerName: string; readonly isActive: boolean }[];
}

export interface StateParts extends TableParts {
  /** 18 characters. */
  readonly businessUnitId: string;
  readonly salesforceCampaigns: () => readonly SalesforceCampaignView[];
  readonly marketingExtensions: () => readonly MarketingExtensionView[];
}

/** One prospect write made through the API, as asked for. */
export interface ApiWrite {
  readonly atMs: number;
  readonly operation: 'create' | 'update' | 'upsert' | 'import' | 'delete';
  readonly values: Readonly<Record<string, PropertyValue>>;
}

/** A browser that Pardot knows by its cookie. */
export interface Visitor {
  readonly id: number;
  prospectId: number | null;
}

/** Everything one business unit holds. */
export class PardotState {
  readonly clock: UnitClock;
  readonly random: Random;
  readonly switches: PardotSwitches;
  readonly businessUnitId: string;
  readonly salesforceCampaigns: () => readonly SalesforceCampaignView[];
  readonly marketingExtensions: () => readonly MarketingExtensionView[];
  readonly campaigns: Table<Campaign>;
  readonly forms: Table<Form>;
  readonly formHandlers: Table<FormHandler>;
  readonly landingPages: Table<LandingPage>;
  readonly activities: Table<VisitorActivity>;
  /** Keyed by e-mail in lower case. */
  readonly prospects: Table<Prospect>;
  readonly customFields: Table<CustomField>;
  readonly lists: Table<List>;
  /** Keyed by prospect. */
  readonly memberships: Table<ListMembership>;
  readonly users: Table<User>;
  /** Keyed by prospect. */
  readonly externalActivities: Table<ExternalActivity>;
  readonly imports: Table<ImportRow>;
  /** By cookie. */
  readonly visitors = new Map<string, Visitor>();
  readonly apiUserId: number;
  readonly accountId: number;
  #lastVisitorId: number;
  readonly #apiWrites = new Map<number, ApiWrite[]>();

  constructor(parts: StateParts) {
    const { random, switches } = parts;
    const clock = new UnitClock(parts.clock);
    const forTables: TableParts = { clock, random, switches };
    this.clock = clock;
    this.random = random;
    this.switches = switches;
    this.businessUnitId = parts.businessUnitId;
    this.salesforceCampaigns = parts.salesforceCampaigns;
    this.marketingExtensions = parts.marketingExtensions;
    this.campaigns = new Table(forTables);
    this.forms = new Table(forTables);
    this.formHandlers = new Table(forTables);
    this.landingPages = new Table(forTables);
    this.activities = new Table(forTables);
    this.prospects = new Table(forTables, (row) => row.email?.toLowerCase() ?? null);
    this.customFields = new Table(forTables);
    this.lists = new Table(forTables);
    this.memberships = new Table(forTables, (row) => row.prospectId);
    this.users = new Table(forTables);
    this.externalActivities = new Table(forTables, (row) => row.prospectId);
    this.imports = new Table(forTables);
    this.accountId = random.between(100_000, 999_999);
    this.#lastVisitorId = random.between(1_000_000, 9_000_000);
    this.apiUserId = this.users.nextId();
    this.users.insert({ id: this.apiUserId, ...this.#stampedBy(this.apiUserId), ...API_USER }, 0, 0);
  }

  /** The time as Pardot records it: whole seconds, or coarser by switch. */
  now(): number {
    return this.grained(this.clock.now());
  }

  grained(atMs: number): number {
    const grain = this.switches.timestampGrainMs;
    return Math.floor(atMs / grain) * grain;
  }

  /** What every new row starts with. */
  stamp(atMs: number = this.clock.now()): Omit<StampedRow, 'id'> {
    return this.#stampedBy(this.apiUserId, atMs);
  }

  /** What every change carries. */
  touch(atMs: number = this.clock.now()): Pick<StampedRow, 'updatedAtMs' | 'updatedById'> {
    return { updatedAtMs: this.grained(atMs), updatedById: this.apiUserId };
  }

  nextVisitorId(): number {
    this.#lastVisitorId += this.random.between(2, 3);
    return this.#lastVisitorId;
  }

  recordApiWrite(prospectId: number, operation: ApiWrite['operation'], values: ApiWrite['values']): void {
    const write: ApiWrite = { atMs: this.clock.now(), operation, values };
    const writes = this.#apiWrites.get(prospectId);
    if (writes) writes.push(write);
    else this.#apiWrites.set(prospectId, [write]);
  }

  apiWrites(prospectId: number): readonly ApiWrite[] {
    return [...(this.#apiWrites.get(prospectId) ?? [])];
  }

  #stampedBy(userId: number, atMs: number = this.clock.now()): Omit<StampedRow, 'id'> {
    const at = this.grained(atMs);
    return { createdAtMs: at, updatedAtMs: at, createdById: userId, updatedById: userId };
  }
}

const API_USER = {
  email: 'api@example.org',
  firstName: 'Api',
  lastName: 'User',
  username: 'api@example.org',
  isDeleted: false,
};
