import { SECOND } from '../clock.ts';
import type { Outcome } from '../domain.ts';
import type { Effect } from '../store/effects.ts';
import type { Registration } from '../store/registrations.ts';
import type { Store } from '../store/store.ts';
import { isListed } from './registration-endings.ts';

/** How long after a registration nothing can be concluded from not finding it. */
export const REGISTRATION_SETTLE = 30 * SECOND;

export interface RegistrationPayload {
  /** How it ended when they were registered the last time. */
  readonly before?: Outcome;
}

/**
 * Has somebody registered, also after an earlier attempt has ended. Who may be in the session already is looked up
 * before anything is sent: Livestorm may mail whoever it takes a second time (livestorm.md §6.2).
 */
export function wantAnew(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
  nowMs: number,
): void {
  const kind = 'livestorm_registration';
  const naturalKey = `${sessionId}/${emailKey}`;
  const tried = ([kind, 'livestorm_backfill'] as const).flatMap(
    (each) => store.effects.get(each, naturalKey) ?? [],
  );
  const before = tried.map(registeredAs).find((outcome) => outcome !== null) ?? null;
  // However that ended: an answer may have been lost, and a canceled session may not show its people.
  const wasTried = before !== null || tried.some(({ sentAtMs }) => sentAtMs !== null);
  // What was done between the state that was lost and the one at hand is not known.
  const requestedAtMs = store.registrations.get(sessionId, emailKey)?.requestedAtMs ?? 0;
  const isOfBefore = requestedAtMs <= (store.meta.recoveredAtMs() ?? Number.NEGATIVE_INFINITY);
  // Nor whether somebody who was to leave the session has left it yet.
  const isLeaving = store.effects.get('livestorm_unregistration', naturalKey) !== undefined;
  // The team is never registered, and needs no look.
  const isThere = isListed(store, { sessionId, emailKey }) && !store.registrants.isTeamMember(emailKey);
  const isUncertain = wasTried || isOfBefore || isLeaving || isThere;
  const payload: RegistrationPayload = before === null ? {} : { before };
  const dueAtMs = wasTried ? nowMs + REGISTRATION_SETTLE : nowMs;
  store.effects.forget(kind, naturalKey);
  store.effects.want({ kind, naturalKey, sessionId, emailKey, payload }, dueAtMs, { nowMs, isUncertain });
}

/** How it ended when they were registered, in this attempt or one before it; null when they never were. */
function registeredAs({ state, reason, payload }: Effect): Outcome | null {
  return state === 'done' ? reason : ((payload as RegistrationPayload).before ?? null);
}
