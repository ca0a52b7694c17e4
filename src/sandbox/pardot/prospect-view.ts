import type { ExternalActivity, PropertyValue, Prospect } from './rows.ts';
import type { ApiWrite, PardotState } from './state.ts';

/** One prospect's record, as a page or a test wants it. */
export interface ProspectView {
  readonly id: number;
  readonly email: string | null;
  readonly isDeleted: boolean;
  readonly optedOut: boolean;
  /** The source campaign. */
  readonly campaignId: number | null;
  readonly campaignName: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly lastActivityAtMs: number | null;
  /** Standard fields with a value, by API name. */
  readonly fields: Readonly<Record<string, PropertyValue>>;
  /** Custom fields with a value, by API name (`…__c`). */
  readonly customFields: Readonly<Record<string, PropertyValue>>;
  readonly lists: readonly { readonly listId: number; readonly name: string; readonly optedOut: boolean }[];
  /** Oldest first. */
  readonly externalActivities: readonly ExternalActivityView[];
  /** Every write through the API, oldest first: proof of write-on-change. */
  readonly apiWrites: readonly ApiWrite[];
}

export type ExternalActivityView = Pick<
  ExternalActivity,
  'extension' | 'type' | 'value' | 'activityDateMs' | 'createdAtMs'
>;

export function viewProspect(state: PardotState, row: Prospect): ProspectView {
  const { id, email, isDeleted, campaignId, createdAtMs, updatedAtMs, lastActivityAtMs } = row;
  const values = Object.entries(row.values).filter(([, value]) => value !== null);
  const isCustom = ([name]: readonly [string, PropertyValue]): boolean => name.endsWith('__c');
  return {
    id,
    email,
    isDeleted,
    optedOut: row.values.optedOut === true,
    campaignId,
    campaignName: campaignId === null ? null : (state.campaigns.get(campaignId)?.name ?? null),
    createdAtMs,
    updatedAtMs,
    lastActivityAtMs,
    fields: Object.fromEntries(values.filter((value) => !isCustom(value))),
    customFields: Object.fromEntries(values.filter(isCustom)),
    lists: listsOf(state, id),
    externalActivities: state.externalActivities.keyed(id).map(viewExternalActivity),
    apiWrites: state.apiWrites(id),
  };
}

function listsOf(state: PardotState, prospectId: number): ProspectView['lists'] {
  return state.memberships
    .keyed(prospectId)
    .filter((row) => !row.isDeleted)
    .map(({ listId, optedOut }) => ({ listId, name: state.lists.get(listId)?.name ?? '', optedOut }));
}

function viewExternalActivity(row: ExternalActivity): ExternalActivityView {
  const { extension, type, value, activityDateMs, createdAtMs } = row;
  return { extension, type, value, activityDateMs, createdAtMs };
}
