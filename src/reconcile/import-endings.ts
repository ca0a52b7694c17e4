import { SECOND } from '../clock.ts';
import type { Effect, EffectProblem } from '../store/effects.ts';
import { type Ending, type NextStep, problemOf } from './apply.ts';
import type { ImportParts, ImportStep } from './import-kinds.ts';

/** Reads may lag this long behind writes, with a margin (pardot.md §2.4). */
export const SETTLE = 150 * SECOND;

/** How one step of an import ends. */
export type Next = Ending | NextStep;

export function next(payload: ImportStep, atMs: number): NextStep {
  return { state: 'pending', payload, atMs };
}

/** The import ends, and everybody it carries goes singly. */
export function fallBack(parts: ImportParts, effect: Effect<ImportStep>, error: Error): Ending {
  const sessionId = effect.sessionId ?? '';
  parts.log.warn({ effect: effect.kind, sessionId, err: error }, 'an import failed, single calls follow');
  return { state: 'skipped', record: () => releaseAll(parts, effect, problemOf(error)) };
}

/** Rows may have been applied all the same, and reads may not show it yet. */
export function releaseAll({ store, clock }: ImportParts, effect: Effect, problem: EffectProblem): void {
  const dueAtMs = clock.now() + SETTLE;
  for (const { id } of store.carried.listOf(effect.id)) store.carried.release(id, dueAtMs, problem);
}
