import type { Counts, Run } from '../job.ts';
import { activityHandler } from './activities.ts';
import { applyDue } from './apply.ts';
import type { ImportParts } from './import-kinds.ts';
import { importReconciler } from './imports.ts';
import { membershipImport } from './membership-import.ts';
import { membershipHandler, removalHandler } from './memberships.ts';
import { attendees, planActivities, planMembership, planProspect, planRemoval } from './plan-people.ts';
import { prospectImport } from './prospect-import.ts';
import { type ProspectParts, prospectHandler } from './prospects.ts';

export interface PeopleParts extends ProspectParts, ImportParts {
  readonly flows: { readonly registrants: boolean; readonly externalActivities: boolean };
  /** Whether people who were unregistered in Livestorm leave the list. */
  readonly removeUnregistered: boolean;
}

/** Makes prospects of registrants, puts everybody on the session's list, and tells their external activities. */
export function peopleReconciler(parts: PeopleParts): (run: Run) => Promise<Counts> {
  const prospects = prospectHandler(parts);
  const imports = importReconciler(parts, prospectImport(parts));
  const membershipImports = importReconciler(parts, membershipImport(parts));
  const memberships = membershipHandler(parts);
  const removals = removalHandler(parts);
  const activities = activityHandler(parts);
  /** Session id → when it was planned last. After a start everything is planned once. */
  const plannedAtMs = new Map<string, number>();
  const sinceMs = parts.store.meta.activitiesSinceMs(parts.flows.externalActivities, parts.clock.now());
  const { flows } = parts;
  return async (run) => {
    plan(parts, sinceMs, plannedAtMs);
    // What a flow had open when it was switched off waits until it is on again.
    const imported = flows.registrants ? await imports(run) : 0;
    const made = flows.registrants ? await applyDue(parts, prospects, run) : {};
    plan(parts, sinceMs, plannedAtMs);
    const importedToList = await membershipImports(run);
    const listed = await applyDue(parts, memberships, run);
    const removed = await applyDue(parts, removals, run);
    const told = flows.externalActivities ? await applyDue(parts, activities, run) : {};
    return {
      prospects: made.done ?? 0,
      memberships: listed.done ?? 0,
      importSteps: imported + importedToList,
      removals: removed.done ?? 0,
      activities: told.done ?? 0,
    };
  };
}

/** Plans the sessions in which anything changed since they were planned last. */
function plan(parts: PeopleParts, sinceMs: number, plannedAtMs: Map<string, number>): void {
  const { store, clock, flows, removeUnregistered } = parts;
  const nowMs = clock.now();
  const planned: string[] = [];
  store.transaction(() => {
    for (const link of store.links.all()) {
      const lastMs = plannedAtMs.get(link.sessionId) ?? Number.NEGATIVE_INFINITY;
      if (link.pardotCampaignId === null) continue;
      // A time of planning in the future: the clock was set back, and changes may carry earlier times.
      if (lastMs <= nowMs && store.peopleChangedAtMs(link.sessionId) < lastMs) continue;
      planned.push(link.sessionId);
      const attending = flows.externalActivities ? attendees(store.people(link.sessionId)) : new Map();
      for (const person of store.people(link.sessionId)) {
        const isAttendee = attending.get(person.prospectId ?? 0)?.emailKey === person.emailKey;
        const wanted = [
          flows.registrants ? planProspect(person) : null,
          link.listId === null ? null : planMembership(person, link.listId),
          ...(flows.externalActivities ? planActivities(person, isAttendee, sinceMs) : []),
        ];
        for (const effect of wanted) if (effect) store.effects.want(effect, nowMs);
      }
      if (!removeUnregistered || link.listId === null) continue;
      for (const person of store.unregistered(link.sessionId)) {
        store.effects.want(planRemoval(person, link.sessionId, link.listId), nowMs);
      }
    }
  });
  // Only now: a plan that a full disk did not take is made again.
  for (const sessionId of planned) plannedAtMs.set(sessionId, nowMs);
}
