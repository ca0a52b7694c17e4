import type { Random, SandboxClock } from '../kernel/clock.ts';
import type {
  Campaign,
  CustomField,
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

/** A Salesforce campaign, as the connector sees it. */
export interface SalesforceCampaignView {
  /** 18 characters. */
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}

export interface StateParts extends TableParts {
  readonly salesforceCampaigns: () => readonly SalesforceCampaignView[];
}

/** One prospect write made through the API, as asked for. */
export interface ApiWrite {
  readonly atMs: number;
  readonly operation: 'create' | 'update' | 'upsert' | 'delete';
  readonly values: Readonly<Record<string, PropertyValue>>;
}

/** A browser that Pardot knows by its cookie. */
export interface Visitor {
  readonly id: number;
  prospectId: number | null;
}

/** Everything one business unit holds. */
export class PardotState {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches: PardotSwitches;
  readonly salesforceCampaigns: () => readonly SalesforceCampaignView[];
  readonly campaigns: Table<Campaign>;
  readonly forms: Table<Form>;
  readonly formHandlers: Table<FormHandler>;
  readonly landingPages: Table<LandingPage>;
  readonly activities: Table<VisitorActivity>;
  readonly prospects: Table<Prospect>;
  readonly customFields: Table<CustomField>;
  readonly lists: Table<List>;
  readonly memberships: Table<ListMembership>;
  readonly users: Table<User>;
  /** By cookie. */
  readonly visitors = new Map<string, Visitor>();
  readonly apiUserId: number;
  readonly accountId: number;
  #lastVisitorId: number;
  readonly #apiWrites = new Map<number, ApiWrite[]>();

  constructor(parts: StateParts) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.switches = parts.switches;
    this.salesforceCampaigns = parts.salesforceCampaigns;
    this.campaigns = new Table(parts);
    this.forms = new Table(parts);
    this.formHandlers = new Table(parts);
    this.landingPages = new Table(parts);
    this.activities = new Table(parts);
    this.prospects = new Table(parts);
    this.customFields = new Table(parts);
    this.lists = new Table(parts);
    this.memberships = new Table(parts);
    this.users = new Table(parts);
    this.accountId = parts.random.between(100_000, 999_999);
    this.#lastVisitorId = parts.random.between(1_000_000, 9_000_000);
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
