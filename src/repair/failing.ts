import { MINUTE } from '../clock.ts';
import { MAX_ATTEMPTS } from '../reconcile/backoff.ts';
import type { Store } from '../store/store.ts';
import { type Failure, type FailureGroup, failureGroups, isImport } from './failure-groups.ts';
import { inParts } from './in-parts.ts';
import { NotPossibleError } from './not-possible.ts';

/** Longer than any vendor's read lag, and than a bulk job may be at work: before that a look proves nothing. */
const SETTLE = 5 * MINUTE;

/** The failures of a group, or the one with this id. Throws `NotPossibleError` when there is none. */
export function failuresNamed(store: Store, name: string): FailureGroup {
  const groups = failureGroups(store);
  for (const group of groups) {
    if (group.id === name) return group;
    const failures = group.failures.filter(({ id }) => id === name);
    if (failures.length > 0) return { ...group, failures };
  }
  throw new NotPossibleError(`${name} is no failure and no group of failures`, {
    hint: 'failed list shows what there is',
  });
}

/**
 * Arms dead effects once more. What the vendor definitely refused is sent again; everything else may have been applied
 * and is looked for first. Returns how many. Throws `NotPossibleError` when none of them can be sent again.
 */
export function retry(store: Store, groups: readonly FailureGroup[], subject: string, nowMs: number): number {
  const effects = groups.flatMap(({ failures }) => failures).filter(isRetryable);
  const [first] = groups;
  if (effects.length === 0) {
    throw new NotPossibleError('nothing there can be sent again', { hint: first?.hint });
  }
  const count = effects.length;
  store.decisions.record({ atMs: nowMs, action: 'failed retry', subject, count, reason: null });
  return inParts(store, effects, (failure) => retryOne(store, failure, nowMs));
}

function isRetryable({ effect }: Failure): boolean {
  return effect !== null && !isImport(effect.kind);
}

function retryOne(store: Store, { effect }: Failure, nowMs: number): boolean {
  if (!effect) return false;
  const { id, sessionId, emailKey, problem, attempts, sentAtMs, kind } = effect;
  if (kind === 'livestorm_registration' || kind === 'livestorm_backfill') {
    const registration = store.registrations.get(sessionId ?? '', emailKey ?? '');
    if (registration?.outcome !== 'dead') {
      // Something else has taken care of the person since.
      store.failures.discard(id, nowMs);
      return false;
    }
    store.registrations.reopen(registration);
  }
  // Given up only after so many attempts, the last answer does not tell what the ones before did.
  const isDefinite = (problem === null || problem.class === 'RefusedError') && attempts < MAX_ATTEMPTS;
  return isDefinite
    ? store.failures.rearm(id, 'pending', nowMs)
    : store.failures.rearm(id, 'unknown', Math.max(nowMs, (sentAtMs ?? 0) + SETTLE));
}

/** Ends failures for good, with the outcome `discarded` and the reason. Returns how many. */
export function discard(store: Store, group: FailureGroup, reason: string, nowMs: number): number {
  const { id: subject, failures } = group;
  store.decisions.record({ atMs: nowMs, action: 'failed discard', subject, count: failures.length, reason });
  return inParts(store, failures, (failure) => discardOne(store, failure, reason, nowMs));
}

function discardOne(store: Store, { id, effect }: Failure, reason: string, nowMs: number): boolean {
  if (!effect) {
    store.submissions.decide(Number(id.slice(1)), { outcome: 'discarded' }, nowMs);
    return true;
  }
  const registration = store.registrations.get(effect.sessionId ?? '', effect.emailKey ?? '');
  const isRegistration = effect.kind === 'livestorm_registration' || effect.kind === 'livestorm_backfill';
  if (isRegistration && registration?.outcome === 'dead') {
    store.registrations.conclude(registration, { outcome: 'discarded', detail: reason }, nowMs);
  }
  return store.failures.discard(effect.id, nowMs);
}
