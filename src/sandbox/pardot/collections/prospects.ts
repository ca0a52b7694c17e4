import type { Collection } from '../collection.ts';
import { Failure } from '../failure.ts';
import { prospectFields } from '../prospect-fields.ts';
import { createThroughApi, deleteThroughApi, updateThroughApi } from '../prospect-writes.ts';
import type { Prospect } from '../rows.ts';
import { upsertLatestByEmail } from '../upsert.ts';

const CREATE = 'Prospect > Prospects > Create';

/** pardot.md §3.1: no filter on campaigns, lists or custom fields. */
export const prospects: Collection = {
  name: 'prospects',
  fields: prospectFields,
  relations: {
    campaign: { to: 'campaigns', by: 'campaignId' },
    assignedTo: { to: 'users', by: 'assignedToId' },
    createdBy: { to: 'users', by: 'createdById' },
    updatedBy: { to: 'users', by: 'updatedById' },
  },
  filters: {
    email: 'equal',
    salesforceId: 'equal',
    id: 'range',
    userId: 'range',
    assignedToId: 'range',
    createdAt: 'range',
    updatedAt: 'range',
    lastActivityAt: 'range',
  },
  idList: true,
  orderBy: ['id', 'lastActivityAt', 'createdAt', 'updatedAt'],
  recycleBin: true,
  abilities: {
    view: ['Prospect > Prospects > View'],
    create: [CREATE],
    remove: ['Prospect > Prospects > Delete'],
  },
  rows: (state) => state.prospects,
  derive: (_state, row, field) => (row as Prospect).values[field],
  isRedacted: (state) => state.switches.redactProspects,
  writes: {
    required: ['email'],
    create: (state, body) => {
      if (state.switches.prospectCreate === 'refused') throw new Failure(60);
      return createThroughApi(state, body).id;
    },
    update: (state, id, body) => {
      const before = state.prospects.get(id);
      if (before) updateThroughApi(state, before, body);
    },
    remove: deleteThroughApi,
  },
  actions: {
    upsertLatestByEmail: {
      on: 'collection',
      abilities: [CREATE],
      run: (call, _id, body) => upsertLatestByEmail(call, prospects, body),
    },
  },
};
