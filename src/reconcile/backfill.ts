import type { Counts, Run } from '../job.ts';
import { type ApplyParts, applyDue, type EffectHandler } from './apply.ts';
import type { EndingParts } from './registration-endings.ts';
import { registrationHandler } from './registration-handler.ts';

export interface BackfillPayload {
  /** Also when the session has ended: Livestorm is asked all the same. */
  readonly ended: boolean;
}

/**
 * Registers whom an admin's backfill wants. Apart from the registrations of the day, and as the least important work: a
 * budget that leaves nothing for it parks it alone.
 */
export function backfillReconciler(parts: ApplyParts & EndingParts): (run: Run) => Promise<Counts> {
  const registration = registrationHandler(parts);
  const handler: EffectHandler<unknown> = {
    ...registration,
    kind: 'livestorm_backfill',
    work: 'backfill',
    parallel: 1,
    precheck: (effect) => {
      const ending = registration.precheck?.(effect) ?? null;
      const { ended } = effect.payload as BackfillPayload;
      return ended && ending?.reason === 'session_ended' ? null : ending;
    },
  };
  return (run) => applyDue(parts, handler, run);
}
