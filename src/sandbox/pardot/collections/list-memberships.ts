import type { Body, Collection } from '../collection.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS, writable } from '../fields.ts';
import type { ListMembership } from '../rows.ts';
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
      state.memberships.update(id, { isDeleted: true, ...state.touch() });
    },
  },
};

function addMembership(state: PardotState, body: Body): number {
  const list = state.lists.get(Number(body.listId));
  const prospect = state.prospects.get(Number(body.prospectId));
  // A dynamic list cannot be edited by hand; the code is not published, 55 is the likely one.
  if (!list || list.isDeleted || list.isDynamic) throw new Failure(55);
  if (!prospect || prospect.isDeleted) throw new Failure(3);
  const content = { listId: list.id, prospectId: prospect.id, optedOut: false, ...optedOut(body) };
  const earlier = state.memberships
    .rows()
    .findLast((row) => row.listId === list.id && row.prospectId === prospect.id);
  return earlier && !mayAddBeside(state, earlier)
    ? state.memberships.update(earlier.id, { ...content, isDeleted: false, ...state.touch() }).id
    : state.memberships.insert({
        id: state.memberships.nextId(),
        ...state.stamp(),
        ...content,
        isDeleted: false,
      }).id;
}

/** Whether a removed membership leaves room for a new row; unknown, by switch. */
function mayAddBeside(state: PardotState, earlier: ListMembership): boolean {
  const { readdedMembership } = state.switches;
  if (!earlier.isDeleted || readdedMembership === 'refused_58') throw new Failure(58);
  if (readdedMembership === 'refused_219') throw new Failure(219);
  return readdedMembership === 'new';
}

function optedOut(body: Body): { optedOut?: boolean } {
  if (body.optedOut === undefined) return {};
  return { optedOut: storedValue('optedOut', { type: 'boolean', writable: true }, body.optedOut) === true };
}
