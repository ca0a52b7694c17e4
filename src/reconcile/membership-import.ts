import type { ApplyParts } from './apply.ts';
import type { ImportKind } from './import-kinds.ts';
import { joined } from './memberships.ts';
import type { MembershipPayload } from './plan-people.ts';

/** Prospects that are known already, onto the list of their session. */
export function membershipImport({ store }: ApplyParts): ImportKind {
  return {
    kind: 'membership_import',
    carries: 'list_membership',
    work: 'discovery',
    createOnNoMatch: false,
    lagMs: 0,
    matchOf: ({ prospectId }) => String(prospectId),
    table: () => ({
      columns: ['matchId', 'addToList'].map((name) => ({ name, overwrite: true })),
      rowOf: ({ prospectId, payload }) => [String(prospectId), String((payload as MembershipPayload).listId)],
    }),
    confirm: async (applied) => ({
      done: applied.map((effect) => ({ effect, record: () => joined(store, effect.naturalKey) })),
      single: [],
      missing: [],
    }),
  };
}
