import type { Prospect } from './rows.ts';
import type { PardotState } from './state.ts';

/** Removes a prospect for good, with its memberships. pardot.md §3.1. */
export function purgeProspect(state: PardotState, prospect: Prospect): void {
  for (const row of membershipsOf(state, prospect.id)) state.memberships.remove(row.id);
  if (state.switches.purgedOnActivity === 'id_null') moveActivities(state, prospect.id, null);
  retarget(state, prospect.id, null);
  state.prospects.remove(prospect.id);
}

/** Moves everything of `merged` over to `kept` and removes `merged` for good. pardot.md §5.6. */
export function mergeProspects(state: PardotState, kept: Prospect, merged: Prospect): void {
  const listIds = new Set(membershipsOf(state, kept.id).map((row) => row.listId));
  for (const row of membershipsOf(state, merged.id)) {
    if (listIds.has(row.listId)) state.memberships.remove(row.id);
    else state.memberships.update(row.id, { prospectId: kept.id, ...state.touch() });
  }
  moveActivities(state, merged.id, kept.id);
  retarget(state, merged.id, kept.id);
  const lastActivityAtMs = Math.max(kept.lastActivityAtMs ?? 0, merged.lastActivityAtMs ?? 0) || null;
  state.prospects.update(kept.id, { ...state.touch(), lastActivityAtMs });
  state.prospects.remove(merged.id);
}

function membershipsOf(state: PardotState, prospectId: number) {
  return state.memberships.keyed(prospectId);
}

function moveActivities(state: PardotState, fromId: number, prospectId: number | null): void {
  const moved = state.activities.rows().filter((row) => row.prospectId === fromId);
  for (const row of moved) state.activities.update(row.id, { prospectId, updatedAtMs: state.now() });
  for (const row of state.externalActivities.keyed(fromId))
    state.externalActivities.update(row.id, { prospectId, updatedAtMs: state.now() });
}

function retarget(state: PardotState, fromId: number, prospectId: number | null): void {
  for (const visitor of state.visitors.values())
    if (visitor.prospectId === fromId) visitor.prospectId = prospectId;
}
