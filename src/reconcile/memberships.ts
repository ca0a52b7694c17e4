import type { PardotPeopleClient } from '../clients/pardot-people.ts';
import type { Effect, Effects } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import type { ApplyParts, EffectHandler, Ending } from './apply.ts';
import { refusedProspect } from './gone-prospect.ts';
import { type MembershipPayload, planMembership } from './plan-people.ts';

export interface MembershipParts extends ApplyParts {
  readonly pardotPeople: PardotPeopleClient;
}

const ALREADY_ON_LIST = 58;
const LEAVING: Ending = { state: 'skipped' };

/** Puts prospects on the list of their session; whoever is on it already is a success. */
export function membershipHandler({
  store,
  pardotPeople,
}: MembershipParts): EffectHandler<MembershipPayload> {
  const done = ({ naturalKey }: Effect): Ending => ({
    state: 'done',
    record: () => joined(store, naturalKey),
  });
  return {
    kind: 'list_membership',
    work: 'discovery',
    parallel: 2,
    settleMs: 0,
    // They left while this waited; the removal has them added again should they be back by then.
    precheck: ({ naturalKey }) => (isLeaving(store.effects, naturalKey) ? LEAVING : null),
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
export function removalHandler({
  store,
  clock,
  pardotPeople,
}: MembershipParts): EffectHandler<MembershipPayload> {
  /** Whoever comes back, under whatever address, is to be added again, also if that was before they were removed. */
  const removed = ({ naturalKey, prospectId, payload: { listId } }: Effect<MembershipPayload>): void => {
    store.effects.forget('list_membership', naturalKey);
    const sessions = store.links.all().filter((link) => link.listId === listId);
    const back = sessions
      .flatMap(({ sessionId }) => [...store.people(sessionId)])
      .find((person) => person.prospectId === prospectId);
    const again = back ? planMembership(back, listId) : null;
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

/** They are on the list: they can be taken off once more. A removal that is still to come stays. */
export function joined({ effects }: Store, naturalKey: string): void {
  if (!isLeaving(effects, naturalKey)) effects.forget('list_removal', naturalKey);
}

function isLeaving(effects: Effects, naturalKey: string): boolean {
  const removal = effects.get('list_removal', naturalKey);
  return removal !== undefined && !['done', 'skipped', 'dead'].includes(removal.state);
}
