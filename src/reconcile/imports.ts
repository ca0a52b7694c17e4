import type { Run } from '../job.ts';
import { applyDue, type EffectHandler } from './apply.ts';
import { next, releaseAll } from './import-endings.ts';
import type { ImportKind, ImportParts, ImportStep } from './import-kinds.ts';
import { afterRefusal, takeStep } from './import-steps.ts';
import { planImports } from './plan-imports.ts';

/** Plans imports of one kind and moves on those under way. Returns how many steps that were. */
export function importReconciler(parts: ImportParts, kind: ImportKind): (run: Run) => Promise<number> {
  const handler = importHandler(parts, kind);
  return async (run) => {
    const advance = async (): Promise<number> => {
      const counts = await applyDue(parts, handler, run);
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    };
    planImports(parts, kind);
    let steps = await advance();
    // What waited for an import that has ended may be many again.
    if (planImports(parts, kind) > 0) steps += await advance();
    return steps;
  };
}

/**
 * Applies imports step by step, one request or reading at a time, so that a restart goes on where it was. A step
 * whose answer was lost is done again: an import without rows, or not submitted, does nothing, submitting twice is
 * refused, and only a batch must not arrive twice: then a new import takes over. Whatever fails for good, as a whole
 * or for one row, is sent singly, and ends with the definite answer that single calls get.
 */
export function importHandler(parts: ImportParts, kind: ImportKind): EffectHandler<ImportStep> {
  return {
    kind: kind.kind,
    work: kind.work,
    parallel: 1,
    settleMs: 0,
    readBack: async ({ payload }) =>
      payload.step === 'upload' ? next({ step: 'create' }, parts.clock.now()) : null,
    send: (effect, call) => takeStep({ parts, kind, effect, call }),
    refused: async (effect, error) => afterRefusal(parts, effect, error),
    gaveUp: (effect, problem) => releaseAll(parts, effect, problem),
  };
}
