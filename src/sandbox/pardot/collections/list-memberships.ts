import type { Body, Collection } from '../collection.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS, writable } from '../fields.ts';
import { joinList, leaveList, staticList } from '../memberships.ts';
import type { PardotState } from '../state.ts';
import { storedValue } from '../values.ts';

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('integer', 'listId prospectId'),
  ...writable('boolean', 'optedOut'),
  ...readOnly('boolean', 'isDeleted'),
};

/** pardot.md §3.3. */
export const listMemberships: Collection = {
  name: 'list-memberships',
  fields: () => FIELDS,
  relations: {
    list: { to: 'lists', by: 'listId' },
    prospect: { to: 'prospects', by: 'prospectId' },
    createdBy: { to: 'users', by: 'createdById' },
    updatedBy: { to: 'users', by: 'updatedById' },
  },
  filters: { id: 'range', listId: 'range', prospectId: 'range', createdAt: 'range', updatedAt: 'range' },
  orderBy: ['id', 'createdAt', 'updatedAt', 'listId'],
  recycleBin: true,
  abilities: {
    view: ['Marketing > Segmentation > View'],
    create: ['Marketing > Segmentation > Create', 'Prospect > Prospects > Create'],
    remove: ['Marketing > Segmentation > Delete', 'Prospect > Prospects > Delete'],
  },
  rows: (state) => state.memberships,
  writes: {
    required: ['listId', 'prospectId'],
    createOnly: ['listId', 'prospectId'],
    create: addMembership,
    update: (state, id, body) => {
      state.memberships.update(id, { ...state.touch(), ...optedOut(body) });
    },
    remove: (state, id) => {
      const membership = state.memberships.get(id);
      if (membership) leaveList(state, membership);
    },
  },
};

function addMembership(state: PardotState, body: Body): number {
  const list = staticList(state, Number(body.listId));
  const prospect = state.prospects.get(Number(body.prospectId));
  if (!prospect || prospect.isDeleted) throw new Failure(3);
  return joinList(state, list.id, prospect.id, optedOut(body)).id;
}

function optedOut(body: Body): { optedOut?: boolean } {
  if (body.optedOut === undefined) return {};
  return { optedOut: storedValue('optedOut', { type: 'boolean', writable: true }, body.optedOut) === true };
}
