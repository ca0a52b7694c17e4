import { ACTIVITY_EXTENSION } from '../activity-types.ts';
import { DAY, MINUTE, SECOND } from '../clock.ts';
import type { RefusedError } from '../errors.ts';
import type { Counts, Run } from '../job.ts';
import type { Effect } from '../store/effects.ts';
import type { SessionProspect } from '../store/session-prospects.ts';
import { applyDue, type EffectHandler, type Ending } from './apply.ts';
import type { ImportParts } from './import-kinds.ts';
import { importReconciler } from './imports.ts';
import { membershipImport } from './membership-import.ts';
import {
  type ActivityPayload,
  type MembershipPayload,
  planActivities,
  planMembership,
  planProspect,
  planRemoval,
} from './plan-people.ts';
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
  const membershipImports = importReconciler(parts, membershipImport());
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
      for (const person of store.people(link.sessionId)) {
        const wanted = [
          flows.registrants ? planProspect(person) : null,
          link.listId === null ? null : planMembership(person, link.listId),
          ...(flows.externalActivities ? planActivities(person, sinceMs) : []),
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

const ALREADY_ON_LIST = 58;

function membershipHandler({ store, pardotPeople }: PeopleParts): EffectHandler<MembershipPayload> {
  const done = ({ naturalKey }: Effect): Ending => ({
    state: 'done',
    record: () => store.effects.forget('list_removal', naturalKey),
  });
  return {
    kind: 'list_membership',
    work: 'discovery',
    parallel: 2,
    settleMs: 0,
    send: async (effect, call) => {
      await pardotPeople.addToList(effect.payload.listId, effect.prospectId ?? 0, call);
      return done(effect);
    },
    refused: async (effect, error) => {
      if (error.code === ALREADY_ON_LIST) return done(effect);
      return refusedProspect(effect, error);
    },
  };
}

/** For people who were unregistered in Livestorm, if the configuration says so. */
function removalHandler({ store, clock, pardotPeople }: PeopleParts): EffectHandler<MembershipPayload> {
  /** Whoever comes back is to be added again, also if that was before they were removed. */
  const removed = ({ naturalKey, sessionId, emailKey, payload }: Effect<MembershipPayload>): void => {
    store.effects.forget('list_membership', naturalKey);
    const back = store.people(sessionId ?? '').find((person) => person.emailKey === emailKey);
    const again = back ? planMembership(back, payload.listId) : null;
    if (again) store.effects.want(again, clock.now());
  };
  return {
    kind: 'list_removal',
    work: 'discovery',
    parallel: 1,
    settleMs: 0,
    send: async (effect, call) => {
      await pardotPeople.removeFromList(effect.payload.listId, effect.prospectId ?? 0, call);
      return { state: 'done', record: () => removed(effect) };
    },
    refused: async (effect, error) =>
      error.status === 404 ? { state: 'done', record: () => removed(effect) } : null,
  };
}

/** Not de-duplicated by the vendor: after an uncertain attempt nothing is sent before its trace was looked for. */
function activityHandler({ store, clock, pardotPeople }: PeopleParts): EffectHandler<ActivityPayload> {
  const subject = (effect: Effect): SessionProspect => {
    const person = store.sessionProspects.get(effect.sessionId ?? '', effect.emailKey ?? '');
    if (!person) throw new Error('an external activity without its person');
    return person;
  };
  return {
    kind: 'external_activity',
    work: 'attendance',
    parallel: 2,
    settleMs: 150 * SECOND,
    readBack: async (effect, call) => {
      const { type, value, happenedAtMs } = effect.payload;
      const { emailKey } = subject(effect);
      const sentAtMs = effect.sentAtMs ?? effect.createdAtMs;
      const traces = await pardotPeople.externalActivitiesBetween(
        sentAtMs - CLOCK_TOLERANCE,
        sentAtMs + CLOCK_TOLERANCE,
        call,
      );
      const isOurs = traces.some(
        (trace) =>
          trace.type === type &&
          trace.value === value &&
          trace.email.trim().toLowerCase() === emailKey &&
          Math.floor(trace.happenedAtMs / SECOND) === Math.floor(happenedAtMs / SECOND),
      );
      return isOurs ? { state: 'done' } : null;
    },
    send: async (effect, call) => {
      const { email } = subject(effect);
      await pardotPeople.createExternalActivity(
        { extension: ACTIVITY_EXTENSION, email, ...effect.payload },
        call,
      );
      return { state: 'done' };
    },
    refused: async (effect, error) => {
      if (!UNKNOWN_ADDRESS.includes(Number(error.code))) return refusedProspect(effect, error);
      // The prospect may be too new to be seen (pardot.md §2.4); an older one is gone, or has another address by now.
      const isNew = clock.now() - subject(effect).knownAtMs < 10 * MINUTE;
      return isNew ? 'retry' : { state: 'skipped', reason: 'prospect_deleted' };
    },
  };
}

/** How far our clock and Pardot's may be apart, and how late a request may still be applied. */
const CLOCK_TOLERANCE = DAY;
const UNKNOWN_ADDRESS = [4, 14, 92];
const DELETED = 219;
/** So many attempts take longer than a new prospect may stay unseen (pardot.md §2.4). */
const UNSEEN_ATTEMPTS = 8;

function refusedProspect(
  effect: Effect,
  error: RefusedError,
): 'retry' | { state: 'skipped'; reason: 'prospect_deleted' } | null {
  const isGone = error.status === 404 || [3, 109, DELETED].includes(Number(error.code));
  if (!isGone) return null;
  const mayBeUnseen = error.code !== DELETED && effect.attempts < UNSEEN_ATTEMPTS;
  return mayBeUnseen ? 'retry' : { state: 'skipped', reason: 'prospect_deleted' };
}
