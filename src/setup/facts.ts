import { ACTIVITY_EXTENSION, ACTIVITY_TYPES, type ActivityType } from '../activity-types.ts';
import type { PardotClient } from '../clients/pardot.ts';
import type { CustomField, PardotCustomFields } from '../clients/pardot-custom-fields.ts';
import type { SalesforceSetupClient } from '../clients/salesforce-setup.ts';
import type {
  ActivityTypeRecord,
  BusinessUnit,
  CampaignDescription,
  MarketingObject,
} from '../clients/salesforce-setup-shapes.ts';
import type { Call } from '../domain.ts';
import { RefusedError, VendorError } from '../errors.ts';

/** What a vendor answered, or why it did not. */
export type Reading<T> = { readonly value: T } | { readonly error: VendorError };

/** `hidden`: there may be one, but this org does not take queries of extensions (salesforce.md §6). */
export type ExtensionFact = MarketingObject | 'hidden' | null;

export interface ActivityFacts {
  readonly businessUnits: Reading<readonly BusinessUnit[]>;
  readonly extension: Reading<ExtensionFact>;
  /** Ids of the business units that the extension is assigned to. */
  readonly assignedTo: Reading<readonly string[]>;
  /** Of the extension. */
  readonly types: Reading<readonly ActivityTypeRecord[]>;
}

/** Everything the plan is made from. */
export interface Facts {
  readonly account: Reading<{ readonly company: string | null }>;
  readonly campaign: Reading<CampaignDescription>;
  readonly customFields: Reading<readonly CustomField[]>;
  /** Null when nobody needs external activities. */
  readonly activities: ActivityFacts | null;
}

export interface SetupClients {
  readonly pardot: Pick<PardotClient, 'account'>;
  readonly customFields: PardotCustomFields;
  readonly salesforce: SalesforceSetupClient;
}

export interface FactsOptions {
  readonly externalActivities: boolean;
  /** The extension's id, where queries do not find it. */
  readonly extensionId?: string | undefined;
}

/** Reads all there is to know; what cannot be read is a fact, too. Writes nothing. */
export async function readFacts(clients: SetupClients, options: FactsOptions, call: Call): Promise<Facts> {
  const { pardot, customFields, salesforce } = clients;
  return {
    account: await reading(() => pardot.account(call)),
    campaign: await reading(() => salesforce.describeCampaign(call)),
    customFields: await reading(() => customFields.list(call)),
    activities: options.externalActivities ? await readActivities(salesforce, options, call) : null,
  };
}

async function readActivities(
  salesforce: SalesforceSetupClient,
  { extensionId }: FactsOptions,
  call: Call,
): Promise<ActivityFacts> {
  const businessUnits = await reading(() => salesforce.businessUnits(call));
  const extension = await reading(() => findExtension(salesforce, extensionId, call));
  if ('error' in extension) return { businessUnits, extension, assignedTo: extension, types: extension };
  const found = extension.value;
  if (found === null || found === 'hidden') {
    return { businessUnits, extension, assignedTo: { value: [] }, types: { value: [] } };
  }
  const assignedTo = await reading(() => salesforce.assignedBusinessUnits(found.id, call));
  const types = await reading(() => salesforce.activityTypes(found.id, call));
  return { businessUnits, extension, assignedTo, types };
}

/** By its id where one is given, else by its name, else through its types. */
async function findExtension(
  salesforce: SalesforceSetupClient,
  id: string | undefined,
  call: Call,
): Promise<ExtensionFact> {
  if (id !== undefined) return await salesforce.extension(id, call);
  try {
    return await salesforce.findExtension(ACTIVITY_EXTENSION, call);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'INVALID_TYPE') throw error;
  }
  for (const name of Object.keys(ACTIVITY_TYPES) as ActivityType[]) {
    const type = await salesforce.findActivityType(name, call);
    const owner = type && (await salesforce.extension(type.extensionId, call));
    if (owner?.developerName === ACTIVITY_EXTENSION) return owner;
  }
  return 'hidden';
}

async function reading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof VendorError) return { error };
    throw error;
  }
}
