import type { Collection } from '../collection.ts';
import { type FieldSpecs, readOnly, STAMP_FIELDS } from '../fields.ts';

const FIELDS: FieldSpecs = {
  ...STAMP_FIELDS,
  ...readOnly('email', 'email'),
  ...readOnly('string', 'firstName lastName username jobTitle role roleName salesforceId'),
  ...readOnly('string', 'tagReplacementLanguage'),
  ...readOnly('boolean', 'isDeleted'),
};

/** pardot.md §3.10. */
export const users: Collection = {
  name: 'users',
  fields: () => FIELDS,
  relations: {},
  filters: { email: 'equal', id: 'range', createdAt: 'range', updatedAt: 'range' },
  orderBy: [],
  recycleBin: false,
  abilities: { view: ['Admin > Users > View'] },
  rows: (state) => state.users,
};
