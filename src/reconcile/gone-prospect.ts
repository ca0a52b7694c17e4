import type { RefusedError } from '../errors.ts';
import type { Effect } from '../store/effects.ts';

const DELETED = 219;
/** So many attempts take longer than a new prospect may stay unseen (pardot.md §2.4). */
export const UNSEEN_ATTEMPTS = 8;

/** What a refusal says of the prospect: unseen yet, gone, or null when it is about something else. */
export function refusedProspect(
  effect: Effect,
  error: RefusedError,
): 'retry' | { state: 'skipped'; reason: 'prospect_deleted' } | null {
  const isGone = error.status === 404 || [3, 109, DELETED].includes(Number(error.code));
  if (!isGone) return null;
  const mayBeUnseen = error.code !== DELETED && effect.attempts < UNSEEN_ATTEMPTS;
  return mayBeUnseen ? 'retry' : { state: 'skipped', reason: 'prospect_deleted' };
}
