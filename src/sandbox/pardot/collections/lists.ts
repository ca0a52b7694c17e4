import type { Body, Collection } from '../collection.ts';
import { Failure } from '../failure.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS, writable } from '../fields.ts';
import type { List } from '../rows.ts';
import type { PardotState } from '../state.ts';
import { type StoredValues, storedValues } from '../values.ts';

const MAX_NAME_LENGTH = 255;

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...writable('string', 'name title description'),
  ...writable('boolean', 'isPublic'),
  ...writable('integer', 'folderId campaignId'),
  ...readOnly('boolean', 'isDynamic isDeleted'),
};

/** pardot.md §3.2. */
export const lists: Collection = {
  name: 'lists',
  fields: () => FIELDS,
  relations: {
    campaign: { to: 'campaigns', by: 'campaignId' },
    createdBy: { to: 'users', by: 'createdById' },
    updatedBy: { to: 'users', by: 'updatedById' },
  },
  filters: { id: 'range', name: 'equal', createdAt: 'range', updatedAt: 'range' },
  orderBy: ['id', 'createdAt', 'updatedAt'],
  recycleBin: true,
  abilities: {
    view: ['Marketing > Segmentation > Lists > View'],
    create: ['Marketing > Segmentation > Lists > Create'],
    remove: ['Marketing > Segmentation > Lists > Delete'],
  },
  rows: (state) => state.lists,
  writes: {
    required: ['name'],
    create: (state, body) => addList(state, body).id,
    update: (state, id, body) => {
      const given = checkedList(state, body, id);
      state.lists.update(id, { ...state.touch(), ...given });
    },
    remove: (state, id) => {
      state.lists.update(id, { isDeleted: true, ...state.touch() });
    },
  },
};

export function addList(state: PardotState, body: Body, isDynamic = false): List {
  const given = checkedList(state, body, undefined);
  const blank = { title: null, description: null, isPublic: false, campaignId: null, folderId: null };
  // `given` holds only writable properties of a list, each of its own type.
  const row = { ...blank, ...given, id: state.lists.nextId(), ...state.stamp(), isDynamic, isDeleted: false };
  return state.lists.insert(row as unknown as List);
}

/** Codes 139, 138, 245 for the name, 38 for the campaign. */
function checkedList(state: PardotState, body: Body, id: number | undefined): StoredValues {
  const given = storedValues(body, FIELDS);
  const { name, campaignId } = given;
  if (name !== undefined) {
    const text = typeof name === 'string' ? name.trim() : '';
    if (text === '') throw new Failure(139);
    if (text.length > MAX_NAME_LENGTH) throw new Failure(138);
    const inUse = state.lists.rows().some((row) => row.name === name && row.id !== id && !row.isDeleted);
    if (inUse && state.switches.duplicateListNames === 'rejected') throw new Failure(245);
  }
  if (typeof campaignId === 'number' && !state.campaigns.get(campaignId)) throw new Failure(38);
  return given;
}
