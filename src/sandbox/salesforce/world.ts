import type { CampaignRow, Campaigns } from './campaigns.ts';
import type { Sessions } from './sessions.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import {
  addExtension,
  listExtensions,
  type MarketingExtension,
  type NewExtension,
} from './tooling/extensions.ts';
import type { ToolingTables } from './tooling/tables.ts';

export type { MarketingExtension } from './tooling/extensions.ts';

/** A campaign as the other parts of the sandbox and tests see it. */
export interface SalesforceCampaign {
  /** 18 characters. */
  readonly id: string;
  readonly name: string;
  /** Value of the external id field. */
  readonly externalId: string | null;
  readonly isActive: boolean;
  /** `YYYY-MM-DD` */
  readonly startDate: string | null;
  readonly description: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}

interface WorldParts {
  readonly campaigns: Campaigns;
  readonly sessions: Sessions;
  readonly endpoint: TokenEndpoint;
  readonly tables: ToolingTables;
}

/** What a person does inside Salesforce, and what the rest of the sandbox may know of it. */
export class SalesforceWorld {
  readonly #parts: WorldParts;

  constructor(parts: WorldParts) {
    this.#parts = parts;
  }

  /** Token requests seen, refused ones too. */
  get tokenRequests(): number {
    return this.#parts.endpoint.requests;
  }

  /** Every campaign ever made, deleted ones too, oldest first. */
  campaigns(): SalesforceCampaign[] {
    return this.#parts.campaigns.all().map((row) => this.#toCampaign(row));
  }

  /** Made by a person; active and without external id unless told otherwise. Returns its id. */
  createCampaign(campaign: { name: string; isActive?: boolean; externalId?: string }): string {
    const { campaigns } = this.#parts;
    const values = { Name: campaign.name, IsActive: campaign.isActive ?? true };
    if (campaign.externalId === undefined) return campaigns.create(values).id;
    return campaigns.create({ ...values, [campaigns.externalIdField]: campaign.externalId }).id;
  }

  rename(id: string, name: string): void {
    this.#parts.campaigns.update(this.#row(id), { Name: name });
  }

  deleteCampaign(id: string): void {
    this.#parts.campaigns.delete(this.#row(id));
  }

  /** What external activities can be of, in which business unit; oldest first. */
  marketingExtensions(): readonly MarketingExtension[] {
    return listExtensions(this.#parts.tables);
  }

  /** An admin sets one up, active and with active types unless told otherwise. Returns its id. */
  createMarketingExtension(extension: NewExtension): string {
    return addExtension(this.#parts.tables, extension);
  }

  /** Whether this access token's session lives: one token serves Salesforce and Pardot. Does not prolong it. */
  isTokenValid(token: string): boolean {
    return this.#parts.sessions.isValid(token);
  }

  /** Ends every session at once, as an admin can. */
  revokeSessions(): void {
    this.#parts.sessions.revokeAll();
  }

  #row(id: string): CampaignRow {
    const row = this.#parts.campaigns.find(id);
    if (!row) throw new Error(`no campaign ${id}`);
    return row;
  }

  #toCampaign(row: CampaignRow): SalesforceCampaign {
    const text = (name: string): string | null => {
      const value = row.values[name];
      return typeof value === 'string' ? value : null;
    };
    return {
      id: row.id,
      name: text('Name') ?? '',
      externalId: this.#parts.campaigns.externalIdOf(row) ?? null,
      isActive: row.values.IsActive === true,
      startDate: text('StartDate'),
      description: text('Description'),
      createdAtMs: row.createdAtMs,
      updatedAtMs: row.updatedAtMs,
      isDeleted: row.isDeleted,
    };
  }
}
