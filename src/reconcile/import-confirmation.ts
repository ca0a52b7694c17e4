import type { Call } from '../domain.ts';
import type { CarriedEffect } from '../store/carried.ts';
import type { Effect, EffectProblem } from '../store/effects.ts';
import { type Next, next, SETTLE } from './import-endings.ts';
import type { Confirmation, ConfirmStep, ImportKind, ImportParts, ImportStep } from './import-kinds.ts';

/** So often what an import wrote is looked for before single calls take over. */
const LOOKS = 2;

/** One import at its step. */
export interface ImportWork {
  readonly parts: ImportParts;
  readonly kind: ImportKind;
  readonly effect: Effect<ImportStep>;
  readonly call: Call;
}

/** Reads back what an import wrote and ends the effects it carried, all in one transaction. */
export async function confirmImport(work: ImportWork, step: ConfirmStep): Promise<Next> {
  const { parts, kind, effect, call } = work;
  const sessionId = effect.sessionId ?? '';
  // Whole, as they end together; without what they write.
  const carried = parts.store.carried.listOf(effect.id);
  const failed = step.hasErrors ? await failedRows(work, carried, step.importId) : new Map<number, string>();
  const applied = carried.filter(({ id }) => !failed.has(id));
  const confirmation = await kind.confirm(applied, sessionId, step, call);
  const { done, single, missing } = confirmation;
  const nowMs = parts.clock.now();
  const isLast = missing.length === 0 || step.looks + 1 >= LOOKS;
  const record = (): void => recordEnds(parts, confirmation, failed, isLast, nowMs);
  const counts = { done: done.length, failed: failed.size, singly: single.length, missing: missing.length };
  parts.log.info({ effect: kind.kind, sessionId, counts }, 'an import was read back');
  if (isLast) return { state: 'done', record };
  return { ...next({ ...step, looks: step.looks + 1 }, nowMs + SETTLE), record };
}

function recordEnds(
  { store }: ImportParts,
  { done, single, missing }: Confirmation,
  failed: ReadonlyMap<number, string>,
  isLast: boolean,
  nowMs: number,
): void {
  for (const ended of done) {
    store.carried.done(ended.effect.id, nowMs);
    ended.record();
  }
  for (const [id, message] of failed) store.carried.release(id, nowMs, because(message));
  for (const { id } of single) store.carried.release(id, nowMs, because('to be finished singly'));
  if (!isLast) return;
  for (const { id } of missing) store.carried.release(id, nowMs, because('not seen after the import'));
}

/** Effect id → the vendor's words. */
async function failedRows(
  { parts, kind, effect, call }: ImportWork,
  carried: readonly CarriedEffect[],
  importId: number,
): Promise<Map<number, string>> {
  const table = kind.table(effect.sessionId ?? '', parts.store.carried.of(effect.id));
  const rows = await parts.pardotImports.errorRows(importId, table?.columns[0]?.name ?? '', call);
  const messages = new Map(rows.map(({ match, message }) => [match.toLowerCase(), message]));
  return new Map(
    carried.flatMap((single) => {
      const message = messages.get(kind.matchOf(single));
      return message === undefined ? [] : [[single.id, message] as const];
    }),
  );
}

function because(message: string): EffectProblem {
  return { class: 'Import', message };
}
