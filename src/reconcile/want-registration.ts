import type { Registration } from '../store/registrations.ts';
import type { Store } from '../store/store.ts';

/** Has somebody registered, also after an earlier attempt has ended without the person in the session. */
export function wantAnew(
  store: Store,
  { sessionId, emailKey }: Pick<Registration, 'sessionId' | 'emailKey'>,
  nowMs: number,
): void {
  const kind = 'livestorm_registration';
  const naturalKey = `${sessionId}/${emailKey}`;
  store.effects.forget(kind, naturalKey);
  // What was done between the state that was lost and the one at hand is not known: looked up before anything is sent.
  const requestedAtMs = store.registrations.get(sessionId, emailKey)?.requestedAtMs ?? 0;
  const isOfBefore = requestedAtMs <= (store.meta.recoveredAtMs() ?? Number.NEGATIVE_INFINITY);
  // Nor whether somebody who was to leave the session has left it yet.
  const isUncertain = isOfBefore || store.effects.get('livestorm_unregistration', naturalKey) !== undefined;
  store.effects.want({ kind, naturalKey, sessionId, emailKey, payload: {} }, nowMs, { isUncertain });
}
