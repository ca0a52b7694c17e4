import { Failure } from './failure.ts';
import type { List, ListMembership } from './rows.ts';
import type { PardotState } from './state.ts';

/** A list whose members people and programs may choose; Failure 55 for any other. */
export function staticList(state: PardotState, id: number): List {
  const list = state.lists.get(id);
  // A dynamic list cannot be edited by hand; the code is not published, 55 is the likely one.
  if (!list || list.isDeleted || list.isDynamic) throw new Failure(55);
  return list;
}

/** The one that counts: with switches that allow several rows of a pair, the last. */
export function membershipOf(
  state: PardotState,
  listId: number,
  prospectId: number,
): ListMembership | undefined {
  return state.memberships.keyed(prospectId).findLast((row) => row.listId === listId);
}

/** Adds a member; 58 for one who is, and by switch other refusals for one who was. pardot.md §3.3. */
export function joinList(
  state: PardotState,
  listId: number,
  prospectId: number,
  more: { readonly optedOut?: boolean } = {},
): ListMembership {
  const content = { listId, prospectId, optedOut: false, ...more, isDeleted: false };
  const earlier = membershipOf(state, listId, prospectId);
  if (earlier && !mayAddBeside(state, earlier))
    return state.memberships.update(earlier.id, { ...content, ...state.touch() });
  return state.memberships.insert({ id: state.memberships.nextId(), ...state.stamp(), ...content });
}

export function leaveList(state: PardotState, membership: ListMembership): void {
  state.memberships.update(membership.id, { isDeleted: true, ...state.touch() });
}

/** Whether a removed membership leaves room for a new row; unknown, by switch. */
function mayAddBeside(state: PardotState, earlier: ListMembership): boolean {
  const { readdedMembership } = state.switches;
  if (!earlier.isDeleted || readdedMembership === 'refused_58') throw new Failure(58);
  if (readdedMembership === 'refused_219') throw new Failure(219);
  return readdedMembership === 'new';
}
