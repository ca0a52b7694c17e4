import { ACTIVITY_EXTENSION } from '../activity-types.ts';
import type { Call } from '../domain.ts';
import { VendorError } from '../errors.ts';
import { type Blame, blameFor } from './blame.ts';
import type { SetupClients } from './facts.ts';
import { type Action, NEW_EXTERNAL_ID_FIELD, type Step } from './step.ts';

/** What became of one action. */
export type Result =
  | { readonly done: true; readonly note: string }
  | {
      readonly done: false;
      readonly problem: string;
      readonly hint?: string;
      readonly blame?: Blame | undefined;
    };

export interface AppliedStep extends Step {
  /** Null when nothing was done about it. */
  readonly result: Result | null;
}

/** The plan as it stands, with nothing done. */
export function notApplied(steps: readonly Step[]): AppliedStep[] {
  return steps.map((step) => ({ ...step, result: null }));
}

/**
 * Does what the plan says, in its order, each step once, going on after a failure. What somebody else made in between
 * counts as done. Rejects only for bugs and when the call's signal aborts.
 */
export async function applySetup(
  steps: readonly Step[],
  clients: SetupClients,
  call: Call,
): Promise<AppliedStep[]> {
  const applier = new Applier(clients, call);
  const applied: AppliedStep[] = [];
  for (const step of steps) {
    const result = step.action ? await applier.apply(step.action) : null;
    applied.push({ ...step, result });
  }
  return applied;
}

class Applier {
  readonly #clients: SetupClients;
  readonly #call: Call;
  /** Of the extension made by an earlier step. */
  #extensionId: string | null = null;

  constructor(clients: SetupClients, call: Call) {
    this.#clients = clients;
    this.#call = call;
  }

  async apply(action: Action): Promise<Result> {
    try {
      return await this.#perform(action);
    } catch (error) {
      if (!(error instanceof VendorError) || this.#call.signal.aborted) throw error;
      const { message, hint } = error;
      return { done: false, problem: message, ...(hint && { hint }), blame: blameFor(error) };
    }
  }

  async #perform(action: Action): Promise<Result> {
    const { salesforce } = this.#clients;
    switch (action.kind) {
      case 'create_campaign_field':
        return await this.#createCampaignField(action.name);
      case 'create_extension':
        return await this.#createExtension();
      case 'activate_extension':
        await salesforce.activateExtension(action.id, this.#call);
        return done('activated');
      case 'assign_extension':
        return await this.#assignExtension(action);
      case 'create_activity_type':
        return await this.#createActivityType(action);
      case 'activate_activity_type':
        await salesforce.activateActivityType(action.id, this.#call);
        return done('activated');
      case 'create_custom_field':
        return await this.#createCustomField(action);
    }
  }

  /** A field made by the API is visible to nobody unless the org grants it: looked at once more (salesforce.md §2.3). */
  async #createCampaignField(name: string): Promise<Result> {
    const { salesforce } = this.#clients;
    const isNew = await salesforce.createCampaignField({ name, ...NEW_EXTERNAL_ID_FIELD }, this.#call);
    const { fields } = await salesforce.describeCampaign(this.#call);
    const field = fields.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (field?.externalId && field.createable) return done(isNew ? 'created' : 'exists already');
    return {
      done: false,
      problem: `${isNew ? 'created' : 'it exists'}, but the API user may not see or write it`,
      hint: 'Grant the API user field-level security, e.g. by the permission set in config/salesforce-metadata.',
      blame: 'permission',
    };
  }

  async #createExtension(): Promise<Result> {
    const { salesforce } = this.#clients;
    this.#extensionId = await salesforce.createExtension(ACTIVITY_EXTENSION, ACTIVITY_EXTENSION, this.#call);
    if (this.#extensionId !== null) return done('created');
    return {
      done: false,
      problem: 'it exists, but this org does not tell its id',
      hint: 'Give the id, which the address of its page in Setup › Marketing App Extensions shows, with --extension-id.',
    };
  }

  async #assignExtension(action: Action & { kind: 'assign_extension' }): Promise<Result> {
    const extensionId = action.extensionId ?? this.#extensionId;
    if (extensionId === null) return WITHOUT_EXTENSION;
    await this.#clients.salesforce.assignExtension(extensionId, action.businessUnitId, this.#call);
    return done('assigned');
  }

  async #createActivityType(action: Action & { kind: 'create_activity_type' }): Promise<Result> {
    const { salesforce } = this.#clients;
    const { developerName, label } = action;
    const extensionId = action.extensionId ?? this.#extensionId;
    if (extensionId === null) return WITHOUT_EXTENSION;
    const made = await salesforce.createActivityType({ extensionId, developerName, label }, this.#call);
    if (made !== null) return done('created');
    const types = await salesforce.activityTypes(extensionId, this.#call);
    const mine = types.find((type) => type.developerName === developerName);
    if (!mine) {
      const hint =
        'API names of activity types are unique in the org and cannot be freed: rename the other one.';
      return { done: false, problem: 'another extension has a type of this API name', hint };
    }
    if (!mine.isActive) await salesforce.activateActivityType(mine.id, this.#call);
    return done('exists already');
  }

  async #createCustomField({ field }: Action & { kind: 'create_custom_field' }): Promise<Result> {
    const isNew = await this.#clients.customFields.create(field, this.#call);
    return done(isNew ? 'created; it shows within a minute' : 'exists already');
  }
}

const WITHOUT_EXTENSION: Result = { done: false, problem: 'waits for the extension' };

function done(note: string): Result {
  return { done: true, note };
}
