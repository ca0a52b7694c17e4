import type { Call } from '../domain.ts';
import { RefusedError } from '../errors.ts';
import { FieldProblem, type JsonObject, requireArray, requireObject, requireText } from './json.ts';
import { unreadable } from './salesforce-errors.ts';
import { type RestRequest, SalesforceRest, type SalesforceRestOptions } from './salesforce-rest.ts';
import {
  type ActivityTypeRecord,
  type BusinessUnit,
  type CampaignDescription,
  type MarketingObject,
  readActivityType,
  readBusinessUnit,
  readDescription,
  readMarketingObject,
} from './salesforce-setup-shapes.ts';

const EXTENSION = 'MarketingAppExtension';
const ACTIVITY_TYPE = 'MarketingAppExtActivity';
const ASSIGNMENT = 'MarketingAppExtAssignment';
const EXTENSION_FIELDS = ['Id', 'DeveloperName', 'IsActive'];
const TYPE_FIELDS = [...EXTENSION_FIELDS, 'MarketingAppExtensionId'];
/** What to do next is the same in both cases: the name is there. */
const TAKEN = new Set(['DUPLICATE_DEVELOPER_NAME', 'DUPLICATE_VALUE']);

/**
 * What an admin sets up in Salesforce once, by describe and the Tooling API (salesforce.md §2.3, §6). Rejects like
 * `SalesforceClient`. Extensions and activity types can be deactivated but never deleted. `guardJsforce` must have
 * been called.
 */
export class SalesforceSetupClient {
  readonly #rest: SalesforceRest;

  constructor(options: SalesforceRestOptions) {
    this.#rest = new SalesforceRest(options);
  }

  describeCampaign(call: Call): Promise<CampaignDescription> {
    const operation = 'GET /sobjects/Campaign/describe';
    return this.#ask(
      { method: 'GET', path: '/sobjects/Campaign/describe', operation },
      readDescription,
      call,
    );
  }

  /** Makes a Text field that is External ID and Unique. False when the org has one of this name already. */
  async createCampaignField(
    field: { name: string; label: string; length: number },
    call: Call,
  ): Promise<boolean> {
    const { name, label, length } = field;
    const Metadata = { type: 'Text', label, length, externalId: true, unique: true, caseSensitive: false };
    const made = await this.#create('CustomField', { FullName: `Campaign.${name}`, Metadata }, call);
    return made !== null;
  }

  businessUnits(call: Call): Promise<BusinessUnit[]> {
    const fields = ['Id', 'PardotTenantName', 'CreationStatus'];
    return this.#query({ object: 'PardotTenant', fields, read: readBusinessUnit }, call);
  }

  /** Null when there is none. Some orgs may not take this query: `RefusedError` with INVALID_TYPE. */
  async findExtension(developerName: string, call: Call): Promise<MarketingObject | null> {
    const where = { DeveloperName: developerName };
    const found = await this.#query(
      { object: EXTENSION, fields: EXTENSION_FIELDS, where, read: readMarketingObject },
      call,
    );
    return found[0] ?? null;
  }

  extension(id: string, call: Call): Promise<MarketingObject> {
    const path = `/tooling/sobjects/${EXTENSION}/${encodeURIComponent(id)}`;
    const operation = `GET /tooling/sobjects/${EXTENSION}/{id}`;
    return this.#ask({ method: 'GET', path, operation }, readMarketingObject, call);
  }

  /** Makes an active one and tells its id; null when the name is taken. */
  createExtension(developerName: string, label: string, call: Call): Promise<string | null> {
    return this.#create(
      EXTENSION,
      { DeveloperName: developerName, MasterLabel: label, IsActive: true },
      call,
    );
  }

  activateExtension(id: string, call: Call): Promise<void> {
    return this.#activate(EXTENSION, id, call);
  }

  /** Ids of the business units in which the extension's activities are taken. */
  assignedBusinessUnits(extensionId: string, call: Call): Promise<string[]> {
    const where = { MarketingAppExtensionId: extensionId };
    const read = (record: JsonObject) => requireText(record.ParentId, 'ParentId');
    return this.#query({ object: ASSIGNMENT, fields: ['ParentId'], where, read }, call);
  }

  /** Succeeds when it is assigned already. */
  async assignExtension(extensionId: string, businessUnitId: string, call: Call): Promise<void> {
    await this.#create(ASSIGNMENT, { ParentId: businessUnitId, MarketingAppExtensionId: extensionId }, call);
  }

  activityTypes(extensionId: string, call: Call): Promise<ActivityTypeRecord[]> {
    return this.#types({ MarketingAppExtensionId: extensionId }, call);
  }

  /** In whichever extension: developer names are unique in the org. */
  async findActivityType(developerName: string, call: Call): Promise<ActivityTypeRecord | null> {
    return (await this.#types({ DeveloperName: developerName }, call))[0] ?? null;
  }

  /** Makes an active one and tells its id; null when the name is taken. */
  createActivityType(
    type: { extensionId: string; developerName: string; label: string },
    call: Call,
  ): Promise<string | null> {
    const { extensionId, developerName, label } = type;
    const body = { DeveloperName: developerName, MasterLabel: label, MarketingAppExtensionId: extensionId };
    return this.#create(ACTIVITY_TYPE, { ...body, IsActive: true }, call);
  }

  activateActivityType(id: string, call: Call): Promise<void> {
    return this.#activate(ACTIVITY_TYPE, id, call);
  }

  #types(where: Readonly<Record<string, string>>, call: Call): Promise<ActivityTypeRecord[]> {
    return this.#query({ object: ACTIVITY_TYPE, fields: TYPE_FIELDS, where, read: readActivityType }, call);
  }

  async #query<T>({ object, fields, where = {}, read }: ToolingQuery<T>, call: Call): Promise<T[]> {
    const conditions = Object.entries(where).map(
      ([field, value]) => `${field} = '${value.replace(/[\\']/g, '\\$&')}'`,
    );
    const filter = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    const soql = `SELECT ${fields.join(', ')} FROM ${object}${filter}`;
    const path = `/tooling/query?q=${encodeURIComponent(soql)}`;
    const readAll = (answer: JsonObject) =>
      requireArray(answer.records, 'records').map((record) => read(requireObject(record, 'records[]')));
    return await this.#ask(
      { method: 'GET', path, operation: `GET /tooling/query (${object})` },
      readAll,
      call,
    );
  }

  /** The id, or null when something of this name is there already. */
  async #create(object: string, body: JsonObject, call: Call): Promise<string | null> {
    const path = `/tooling/sobjects/${object}`;
    const request = { method: 'POST', path, body, operation: `POST ${path}` } as const;
    try {
      return await this.#ask(request, (answer) => requireText(answer.id, 'id'), call);
    } catch (error) {
      if (error instanceof RefusedError && TAKEN.has(String(error.code))) return null;
      throw error;
    }
  }

  async #activate(object: string, id: string, call: Call): Promise<void> {
    const path = `/tooling/sobjects/${object}`;
    const operation = `PATCH ${path}/{id}`;
    const body = { IsActive: true };
    await this.#rest.send(
      { method: 'PATCH', path: `${path}/${encodeURIComponent(id)}`, body, operation },
      call,
    );
  }

  async #ask<T>(request: RestRequest, read: (answer: JsonObject) => T, call: Call): Promise<T> {
    const answer = await this.#rest.send(request, call);
    try {
      return read(answer);
    } catch (error) {
      if (error instanceof FieldProblem) throw unreadable(request.operation, error.field);
      throw error;
    }
  }
}

interface ToolingQuery<T> {
  readonly object: string;
  readonly fields: readonly string[];
  /** Text that each field must equal. */
  readonly where?: Readonly<Record<string, string>>;
  readonly read: (record: JsonObject) => T;
}
