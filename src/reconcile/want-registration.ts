import { SECOND } from '../clock.ts';
import type { Outcome } from '../domain.ts';
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
  const last = store.effects.get(kind, naturalKey) ?? store.effects.get('livestorm_backfill', naturalKey);
  const before = last?.state === 'done' ? last.reason : null;
  // What was done between the state that was lost and the one at hand is not known.
  const requestedAtMs = store.registrations.get(sessionId, emailKey)?.requestedAtMs ?? 0;
  const isOfBefore = requestedAtMs <= (store.meta.recoveredAtMs() ?? Number.NEGATIVE_INFINITY);
  // Nor whether somebody who was to leave the session has left it yet.
  const isLeaving = store.effects.get('livestorm_unregistration', naturalKey) !== undefined;
  // The team is never registered, and needs no look.
  const isThere = isListed(store, { sessionId, emailKey }) && !store.registrants.isTeamMember(emailKey);
  const isUncertain = before !== null || isOfBefore || isLeaving || isThere;
  const payload: RegistrationPayload = before === null ? {} : { before };
  const dueAtMs = before === null ? nowMs : nowMs + REGISTRATION_SETTLE;
  store.effects.forget(kind, naturalKey);
  store.effects.want({ kind, naturalKey, sessionId, emailKey, payload }, dueAtMs, { nowMs, isUncertain });
}
