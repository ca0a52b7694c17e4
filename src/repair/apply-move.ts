import { isDeepStrictEqual } from 'node:util';
import { planRemoval } from '../reconcile/plan-people.ts';
import type { UnregistrationPayload } from '../reconcile/unregistrations.ts';
import { wantAnew } from '../reconcile/want-registration.ts';
import type { Store } from '../store/store.ts';
import { inParts } from './in-parts.ts';
import { type MoveRequest, readMove } from './move-facts.ts';
import type { MovedPerson, MovePlan } from './plan-move.ts';

/**
 * Writes exactly the plan with this hash into the outbox, in short transactions beside the daemon, which sends it; each
 * person wholly or not at all. Returns the plan that the state has now, and how many of it were written: null when it
 * is not the one asked for, fewer when something changed at that very moment. To be stopped midway is harmless: the next
 * plan has the rest.
 */
export function applyMove(
  store: Store,
  request: MoveRequest,
  hash: string,
  nowMs: number,
): { readonly plan: MovePlan; readonly moved: number | null } {
  const { plan, again } = readMove(store, request, nowMs);
  if (plan.hash !== hash) return { plan, moved: null };
  const moved = inParts(store, plan.people, (person) => {
    if (!isDeepStrictEqual(again(person.emailKey), person)) return false;
    movePerson(store, request, person, nowMs);
    return true;
  });
  const { form, from, to } = request;
  store.decisions.record({
    atMs: nowMs,
    action: 'move',
    subject: `${form} ${from.session.id} ${to.session.id}`,
    count: moved,
    reason: `plan ${hash}`,
  });
  return { plan, moved };
}

function movePerson(store: Store, { from, to }: MoveRequest, person: MovedPerson, nowMs: number): void {
  const { emailKey, register, isHeld, leaving, prospectOffList } = person;
  const fromId = from.session.id;
  // Taking somebody out may take them out of the whole event (livestorm.md §4.3): then registering comes second.
  const isChained = leaving === 'unregister' && from.session.eventId === to.session.eventId;
  const holdId = isHeld ? store.holds.holdOf(fromId, emailKey) : undefined;
  if (register && store.registrations.request(register, nowMs) && !isChained) {
    if (holdId === undefined) wantAnew(store, register, nowMs);
    else store.holds.hold(register, holdId, nowMs);
  }
  if (leaving === 'stays') return;
  const byHand = leaving === 'by_hand' ? '; to be taken out of this session in Livestorm by hand' : '';
  store.moves.move(fromId, emailKey, `to session ${to.session.id}${byHand}`, nowMs);
  if (prospectOffList !== null && from.link.listId !== null) {
    const removal = planRemoval({ emailKey, prospectId: prospectOffList }, fromId, from.link.listId);
    store.effects.forget('list_removal', removal.naturalKey);
    store.effects.want(removal, nowMs);
  }
  if (leaving !== 'unregister') return;
  const payload: UnregistrationPayload = { thenRegisterIn: isChained && register ? to.session.id : null };
  const naturalKey = `${fromId}/${emailKey}`;
  store.effects.forget('livestorm_unregistration', naturalKey);
  store.effects.want(
    { kind: 'livestorm_unregistration', naturalKey, sessionId: fromId, emailKey, payload },
    nowMs,
  );
}
