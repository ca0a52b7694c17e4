import type { LivestormClient } from '../clients/livestorm.ts';
import { type Clock, SECOND } from '../clock.ts';
import type { Call } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { Store } from '../store/store.ts';
import type { EffectHandler, Ending } from './apply.ts';
import { findInSession } from './registration-endings.ts';
import { wantAnew } from './want-registration.ts';

export interface UnregistrationPayload {
  /** The person is registered in this session afterwards, however it ends. */
  readonly thenRegisterIn: string | null;
}

const BY_HAND = 'to be taken out of this session in Livestorm by hand';

interface UnregistrationParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly livestorm: LivestormClient;
}

/**
 * Takes people out of a session from which an admin has moved them, never anybody else. Looking always comes first, so
 * an uncertain attempt is simply done again.
 */
export function unregistrationHandler(parts: UnregistrationParts): EffectHandler<UnregistrationPayload> {
  const { store } = parts;
  return {
    kind: 'livestorm_unregistration',
    work: 'registrations',
    parallel: 2,
    settleMs: 30 * SECOND,
    precheck: (effect) => notWanted(parts, effect),
    send: (effect, call) => unregister(parts, effect, call),
    gaveUp: (effect) => {
      const { sessionId, emailKey } = keyOf(effect);
      store.moves.note(sessionId, emailKey, BY_HAND);
      goOn(parts, effect);
    },
  };
}

/** Why nobody is taken out any more; null when the person is still to leave. */
function notWanted(parts: UnregistrationParts, effect: Effect<UnregistrationPayload>): Ending | null {
  const { store } = parts;
  const { sessionId, emailKey } = keyOf(effect);
  const isMoved = store.registrations.get(sessionId, emailKey)?.outcome === 'moved';
  // Submitted once more for this very session, or registered meanwhile in another one of the event.
  const isNeeded = isMoved && !store.moves.isElsewhereInEvent(sessionId, emailKey);
  if (isNeeded) return null;
  return {
    state: 'skipped',
    record: () => {
      if (isMoved) store.moves.note(sessionId, emailKey, BY_HAND);
      goOn(parts, effect);
    },
  };
}

async function unregister(
  parts: UnregistrationParts,
  effect: Effect<UnregistrationPayload>,
  call: Call,
): Promise<Ending> {
  const { store, clock, livestorm } = parts;
  const { sessionId, emailKey } = keyOf(effect);
  const found = await findInSession(parts, { sessionId, emailKey }, call);
  if (found?.role === 'team_member') {
    return { state: 'skipped', reason: 'team_member', record: () => goOn(parts, effect) };
  }
  if (found) await livestorm.unregister(sessionId, found.personId, call);
  return {
    state: 'done',
    record: () => {
      store.moves.left(sessionId, emailKey, clock.now());
      goOn(parts, effect);
    },
  };
}

/** Has the person registered where the move led, unless that has ended by now. */
function goOn(
  { store, clock }: UnregistrationParts,
  { emailKey, payload }: Effect<UnregistrationPayload>,
): void {
  const { thenRegisterIn: sessionId } = payload;
  if (sessionId === null || emailKey === null) return;
  const isWaiting = store.registrations.get(sessionId, emailKey)?.outcome === null;
  if (isWaiting) wantAnew(store, { sessionId, emailKey }, clock.now());
}

function keyOf({ sessionId, emailKey }: Effect): { sessionId: string; emailKey: string } {
  return { sessionId: sessionId ?? '', emailKey: emailKey ?? '' };
}
