import type { Reply } from '../../kernel/exchange.ts';
import type { Body, Call, Collection } from '../collection.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS } from '../fields.ts';
import { salesforceKey } from '../mirrors.ts';
import { changedReply, selectionOf } from '../records.ts';

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('string', 'name salesforceId'),
  ...readOnly('boolean', 'isDeleted'),
  ...readOnly('float', 'cost'),
  ...readOnly('integer', 'folderId parentCampaignId'),
};

/** pardot.md §3.4: read-only but for connecting; no filter on `salesforceId`. */
export const campaigns: Collection = {
  name: 'campaigns',
  fields: () => FIELDS,
  relations: {
    parentCampaign: { to: 'campaigns', by: 'parentCampaignId' },
    createdBy: { to: 'users', by: 'createdById' },
    updatedBy: { to: 'users', by: 'updatedById' },
  },
  filters: { id: 'range', name: 'equal', createdAt: 'range', updatedAt: 'range' },
  orderBy: ['id', 'createdAt', 'updatedAt'],
  recycleBin: true,
  abilities: { view: ['Marketing > Other > Campaigns > View'] },
  rows: (state) => state.campaigns,
  actions: {
    connectSalesforceCampaign: {
      on: 'record',
      abilities: ['Marketing > Other > Campaigns > Create'],
      run: connect,
    },
  },
};

/** Ties an old campaign to a Salesforce campaign that has no mirror yet. */
function connect(call: Call, id: number | undefined, body: Body): Reply {
  const { state } = call;
  const { salesforceCampaignId } = body;
  if (!state.switches.connectedCampaigns) throw new Failure(218);
  if (salesforceCampaignId === undefined) throw new Failure(207, 'salesforceCampaignId');
  if (typeof salesforceCampaignId !== 'string') throw new Failure(206, 'salesforceCampaignId');
  const campaign = state.campaigns.get(id ?? 0);
  if (!campaign) throw new Failure(109);
  const wanted = salesforceKey(salesforceCampaignId);
  const source = state.salesforceCampaigns().find((row) => salesforceKey(row.id) === wanted);
  const taken = state.campaigns.rows().some((row) => salesforceKey(row.salesforceId ?? '') === wanted);
  if (!source || taken || campaign.salesforceId !== null) throw new Failure(154, 'salesforceCampaignId');
  const selection = selectionOf(call, campaigns);
  state.campaigns.update(campaign.id, { salesforceId: source.id, ...state.touch() });
  return changedReply(call, campaigns, selection, campaign.id);
}
