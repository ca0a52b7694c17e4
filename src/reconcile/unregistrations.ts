import type { LivestormClient } from '../clients/livestorm.ts';
import { SECOND } from '../clock.ts';
import type { Effect } from '../store/effects.ts';
import type { ApplyParts, EffectHandler } from './apply.ts';

export interface UnregistrationPayload {
  /** The person is registered in this session afterwards, however it ends. */
  readonly thenRegisterIn: string | null;
}

const BY_HAND = 'to be taken out of this session in Livestorm by hand';

/**
 * Takes people out of a session from which an admin has moved them, never anybody else. Looking always comes first, so
 * an uncertain attempt is simply done again.
 */
export function unregistrationHandler(
  parts: ApplyParts & {
    readonly livestorm: LivestormClient;
    /** Wants the registration that was requested when the person was moved. */
    readonly register: (key: { sessionId: string; emailKey: string }, nowMs: number) => void;
  },
): EffectHandler<UnregistrationPayload> {
  const { store, clock, livestorm } = parts;
  const follow = ({ emailKey, payload }: Effect<UnregistrationPayload>): void => {
    const { thenRegisterIn: sessionId } = payload;
    if (sessionId === null || emailKey === null) return;
    const isWaiting = store.registrations.get(sessionId, emailKey)?.outcome === null;
    if (isWaiting) parts.register({ sessionId, emailKey }, clock.now());
  };
  return {
    kind: 'livestorm_unregistration',
    work: 'registrations',
    parallel: 2,
    settleMs: 30 * SECOND,
    precheck: (effect) => {
      const { sessionId, emailKey } = keyOf(effect);
      const isMoved = store.registrations.get(sessionId, emailKey)?.outcome === 'moved';
      // Submitted once more for this very session, or registered meanwhile in another one of the event.
      const isNeeded = isMoved && !store.moves.isElsewhereInEvent(sessionId, emailKey);
      if (isNeeded) return null;
      return {
        state: 'skipped',
        record: () => {
          if (isMoved) store.moves.note(sessionId, emailKey, BY_HAND);
          follow(effect);
        },
      };
    },
    send: async (effect, call) => {
      const { sessionId, emailKey } = keyOf(effect);
      const found = await livestorm.findRegistrant(sessionId, emailKey, call);
      if (found?.role === 'team_member') {
        return { state: 'skipped', reason: 'team_member', record: () => follow(effect) };
      }
      if (found) await livestorm.unregister(sessionId, found.personId, call);
      return {
        state: 'done',
        record: () => {
          store.moves.left(sessionId, emailKey, clock.now());
          follow(effect);
        },
      };
    },
    gaveUp: (effect) => {
      const { sessionId, emailKey } = keyOf(effect);
      store.moves.note(sessionId, emailKey, BY_HAND);
      follow(effect);
    },
  };
}

function keyOf({ sessionId, emailKey }: Effect): { sessionId: string; emailKey: string } {
  return { sessionId: sessionId ?? '', emailKey: emailKey ?? '' };
}
