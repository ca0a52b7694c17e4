import type { Call } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import { campaignType } from './salesforce-describe.ts';
import { unreadable } from './salesforce-errors.ts';
import { SalesforceRest, type SalesforceRestOptions } from './salesforce-rest.ts';

export type { TokenSource } from './token-source.ts';

export interface SalesforceClientOptions extends SalesforceRestOptions {
  /** API name of the external id field on Campaign that holds the Livestorm session id. */
  readonly externalIdField: string;
  /** For orgs whose campaigns have record types. */
  readonly recordTypeId?: string | undefined;
}

export interface WantedCampaign {
  readonly externalId: string;
  /** At most 80 characters. */
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly startDate: string | null;
  readonly description: string;
}

export interface EnsuredCampaign {
  /** 18 characters. */
  readonly id: string;
  readonly created: boolean;
}

const FIND = 'GET /query (Campaign)';
const READ = 'GET /sobjects/Campaign/{id}';
const RENAME = 'PATCH /sobjects/Campaign/{id}';
const UPSERT = 'PATCH /sobjects/Campaign';
const DESCRIBE = 'GET /sobjects/Campaign/describe';

/** Campaigns in Salesforce (salesforce.md §2.3, §2.4). `guardJsforce` must have been called. */
export class SalesforceClient {
  readonly #options: SalesforceClientOptions;
  readonly #rest: SalesforceRest;
  /** Null: the org's picklist has no such type. Asked once. */
  #type: string | null | undefined;

  constructor(options: SalesforceClientOptions) {
    this.#options = options;
    this.#rest = new SalesforceRest(options);
  }

  /**
   * Creates or finds the campaign whose external id is the session's; never changes an existing one. May be
   * repeated after any failure. Rejects with `RetryableError`, `ParkedError`, `AuthError`, or with
   * `RefusedError` and a hint when a permission, a field or a value is missing.
   */
  async ensureCampaign(campaign: WantedCampaign, call: Call): Promise<EnsuredCampaign> {
    const existing = await this.findCampaign(campaign.externalId, call);
    if (existing) return existing;
    try {
      return await this.#create(campaign, call);
    } catch (error) {
      // Somebody else was quicker: theirs is the campaign.
      const theirs = isDuplicate(error) ? await this.findCampaign(campaign.externalId, call) : undefined;
      if (theirs) return theirs;
      throw error;
    }
  }

  /**
   * The campaign whose external id is the session's; undefined when there is none. By query: unlike a read by external
   * id it tells a missing field from a missing campaign. Rejects as `ensureCampaign` does.
   */
  async findCampaign(externalId: string, call: Call): Promise<EnsuredCampaign | undefined> {
    const literal = externalId.replace(/[\\']/g, '\\$&');
    const soql = `SELECT Id FROM Campaign WHERE ${this.#options.externalIdField} = '${literal}' LIMIT 2`;
    const path = `/query?q=${encodeURIComponent(soql)}`;
    const { records } = await this.#rest.send({ method: 'GET', path, operation: FIND }, call);
    if (!Array.isArray(records)) throw unreadable(FIND, 'records');
    if (records.length > 1) throw ambiguous();
    return records.length === 0 ? undefined : { id: readId(records[0]?.Id, FIND), created: false };
  }

  /** Gives a campaign another name, but only while it has the expected one. */
  async renameCampaign(id: string, from: string, to: string, call: Call): Promise<void> {
    const path = `/sobjects/Campaign/${encodeURIComponent(id)}`;
    const { Name } = await this.#rest.send(
      { method: 'GET', path: `${path}?fields=Name`, operation: READ },
      call,
    );
    if (Name !== from) return;
    await this.#rest.send({ method: 'PATCH', path, body: { Name: to }, operation: RENAME }, call);
  }

  /** By upsert, so that a repeated request cannot make a second one. */
  async #create(campaign: WantedCampaign, call: Call): Promise<EnsuredCampaign> {
    const { externalIdField, recordTypeId } = this.#options;
    const type = await this.#campaignType(call);
    const body = {
      Name: campaign.name,
      IsActive: true,
      Description: campaign.description,
      ...(campaign.startDate && { StartDate: campaign.startDate }),
      ...(type && { Type: type }),
      ...(recordTypeId && { RecordTypeId: recordTypeId }),
    };
    const path = `/sobjects/Campaign/${externalIdField}/${encodeURIComponent(campaign.externalId)}`;
    const answer = await this.#rest.send({ method: 'PATCH', path, body, operation: UPSERT }, call);
    return { id: readId(answer.id, UPSERT), created: answer.created === true };
  }

  async #campaignType(call: Call): Promise<string | null> {
    if (this.#type === undefined) {
      const request = { method: 'GET', path: '/sobjects/Campaign/describe', operation: DESCRIBE } as const;
      this.#type = campaignType(
        await this.#rest.send(request, call),
        this.#options.externalIdField,
        DESCRIBE,
      );
    }
    return this.#type;
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 'DUPLICATE_VALUE';
}

function readId(id: unknown, operation: string): string {
  if (typeof id !== 'string' || !/^[0-9A-Za-z]{18}$/.test(id)) throw unreadable(operation, 'id');
  return id;
}

function ambiguous(): RefusedError {
  return new RefusedError('several campaigns carry the same session id', {
    vendor: 'salesforce',
    operation: FIND,
    code: 'MULTIPLE_CHOICES',
    hint: 'Keep one of them, and mark the external id field Unique.',
  });
}
