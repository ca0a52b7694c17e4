import { UsageError } from '../errors.ts';
import { FLOWS, type Pausable, type Pause } from '../store/pauses.ts';
import type { Store } from '../store/store.ts';
import { NotPossibleError } from './not-possible.ts';

/** More people than this are mailed only when the admin says so once more. */
export const MAILS_WITHOUT_ASKING = 50;

export interface ResumePlan {
  readonly flow: Pausable;
  readonly ending: readonly Pause[];
  /** People who will be registered, and mailed by Livestorm. */
  readonly mails: number;
  /** People whose session has ended or was canceled meanwhile. */
  readonly tooLate: number;
}

/** Throws `UsageError` for anything that is no flow. */
export function pausableNamed(name: string | undefined): Pausable {
  const found = [...FLOWS, 'all' as const].find((flow) => flow === (name ?? 'all'));
  if (found) return found;
  throw new UsageError(`${name} is no flow`, { hint: `flows: ${FLOWS.join(', ')}, all` });
}

/** Nothing of the flow is sent from the next request on. Returns false when it was paused already. */
export function pauseFlow(store: Store, flow: Pausable, reason: string | null, nowMs: number): boolean {
  return store.transaction(() => {
    const isNew = store.pauses.pause(flow, nowMs);
    if (isNew) store.decisions.record({ atMs: nowMs, action: 'pause', subject: flow, count: 0, reason });
    return isNew;
  });
}

/** What resuming would set going. Throws `NotPossibleError` when it is not paused, or only as a part of everything. */
export function planResume(store: Store, flow: Pausable): ResumePlan {
  const paused = store.pauses.all();
  const ending = paused.filter((pause) => flow === 'all' || pause.flow === flow);
  if (flow !== 'all' && paused.some((pause) => pause.flow === 'all')) {
    throw new NotPossibleError('everything is paused', { hint: 'resume without a flow ends that' });
  }
  if (ending.length === 0)
    throw new NotPossibleError(
      `${flow === 'all' ? 'nothing' : flow} is ${flow === 'all' ? '' : 'not '}paused`,
    );
  const isMailing = flow === 'all' || flow === 'form_registrations';
  const { open, tooLate } = isMailing ? store.pauses.registrationsWaiting() : { open: 0, tooLate: 0 };
  return { flow, ending, mails: open, tooLate };
}

export function resumeFlow(store: Store, plan: ResumePlan, reason: string | null, nowMs: number): void {
  store.transaction(() => {
    store.pauses.resume(plan.flow);
    const { flow: subject, mails: count } = plan;
    store.decisions.record({ atMs: nowMs, action: 'resume', subject, count, reason });
  });
}
