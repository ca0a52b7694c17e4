import type { Collection } from '../collection.ts';
import { type FieldSpecs, readOnly } from '../fields.ts';
import type { PardotState } from '../state.ts';
import type { ReadSide } from '../table.ts';

const FIELDS: FieldSpecs = {
  ...readOnly('integer', 'id adminId pluginCampaignId createdById'),
  ...readOnly('string', 'company'),
};

/** The one account, read without an id. pardot.md §3.10. */
export const account: Collection = {
  name: 'account',
  fields: () => FIELDS,
  relations: {},
  filters: {},
  orderBy: [],
  recycleBin: false,
  abilities: { view: ['Admin > Account > View'] },
  rows: only,
  idOf: (state) => state.accountId,
};

function only(state: PardotState): ReadSide {
  const row = {
    id: state.accountId,
    company: 'Sandbox Company',
    adminId: state.apiUserId,
    createdById: state.apiUserId,
  };
  return { view: () => row, get: () => row, views: () => [row], viewsSince: () => [row] };
}
