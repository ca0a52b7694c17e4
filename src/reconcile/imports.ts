import { HOUR, MINUTE, SECOND } from '../clock.ts';
import type { Call } from '../domain.ts';
import type { RefusedError } from '../errors.ts';
import type { Run } from '../job.ts';
import type { Effect, EffectProblem } from '../store/effects.ts';
import { applyDue, type EffectHandler, type Ending, type NextStep, problemOf } from './apply.ts';
import type { ConfirmStep, ImportKind, ImportParts, ImportStep } from './import-kinds.ts';
import { planImports } from './plan-imports.ts';

/** Reads may lag this long behind writes, with a margin (pardot.md §2.4). */
const SETTLE = 150 * SECOND;
/** Longer than this no import is waited for. */
const LONGEST = 24 * HOUR;
/** More than the read lag, with the usual waits in between. */
const MAX_REFUSED_READINGS = 8;
/** So often what an import wrote is looked for before single calls take over. */
const LOOKS = 2;

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

type Import = Effect<ImportStep>;
type Next = Ending | NextStep;

/**
 * Applies imports step by step, one request or reading at a time, so that a restart goes on where it was. A step
 * whose answer was lost is done again: an import without rows, or not submitted, does nothing, submitting twice is
 * refused, and only a batch must not arrive twice: then a new import takes over. Whatever fails for good, as a whole
 * or for one row, is sent singly, and ends with the definite answer that single calls get.
 */
export function importHandler(parts: ImportParts, kind: ImportKind): EffectHandler<ImportStep> {
  const { clock, store, pardotImports } = parts;
  return {
    kind: kind.kind,
    work: kind.work,
    parallel: 1,
    settleMs: 0,
    readBack: async ({ payload }) =>
      payload.step === 'upload' ? next({ step: 'create' }, clock.now()) : null,
    send: (effect, call) => {
      const { payload } = effect;
      switch (payload.step) {
        case 'create':
          return create(effect, call);
        case 'upload':
          return upload(effect, payload.importId, call);
        case 'submit':
          return submit(payload.importId, call);
        case 'await':
          return look(effect, payload, call);
        case 'confirm':
          return confirm(effect, payload, call);
      }
    },
    refused: async (effect, error) => refused(effect, error),
    gaveUp: (effect, problem) => releaseAll(effect, problem),
  };

  async function create(effect: Import, call: Call): Promise<Next> {
    const table = kind.table(effect.sessionId ?? '', store.carried.of(effect.id));
    if (!table) return fallBack(effect, new Error('the session has no campaign or list any more'));
    const { columns } = table;
    const { id } = await pardotImports.create({ columns, createOnNoMatch: kind.createOnNoMatch }, call);
    if (id === null) return fallBack(effect, new Error('the id of the import was not told'));
    return next({ step: 'upload', importId: id }, clock.now());
  }

  async function upload(effect: Import, importId: number, call: Call): Promise<Next> {
    const carried = store.carried.of(effect.id);
    const table = kind.table(effect.sessionId ?? '', carried);
    const rows = carried.map((single) => table?.rowOf(single) ?? null).filter((row) => row !== null);
    if (!table || rows.length === 0) return fallBack(effect, new Error('nobody is left to be imported'));
    await pardotImports.upload(importId, table, rows, call);
    return next({ step: 'submit', importId }, clock.now());
  }

  async function submit(importId: number, call: Call): Promise<Next> {
    await pardotImports.submit(importId, call);
    return submitted(importId);
  }

  function submitted(importId: number): NextStep {
    const nowMs = clock.now();
    return next({ step: 'await', importId, submittedAtMs: nowMs, looks: 0 }, nowMs + pollMs(0));
  }

  async function look(
    effect: Import,
    step: Extract<ImportStep, { step: 'await' }>,
    call: Call,
  ): Promise<Next> {
    const { importId, submittedAtMs } = step;
    const reading = await pardotImports.read(importId, call);
    const nowMs = clock.now();
    const waitedMs = nowMs - submittedAtMs;
    if (reading.status === 'complete') {
      const hasErrors = reading.errorCount !== 0;
      const confirming = {
        step: 'confirm',
        importId,
        madeAtMs: reading.createdAtMs,
        hasErrors,
        looks: 0,
      } as const;
      return next(confirming, nowMs + kind.lagMs);
    }
    if (reading.status === 'failed') return fallBack(effect, new Error('the import failed or was canceled'));
    if (reading.status === 'open' && reading.isExpired) return next({ step: 'create' }, nowMs);
    if (reading.status === 'open' && waitedMs >= SETTLE) return next({ step: 'submit', importId }, nowMs);
    if (waitedMs >= LONGEST) return fallBack(effect, new Error('the import did not end within a day'));
    return next({ ...step, looks: step.looks + 1 }, nowMs + pollMs(step.looks + 1));
  }

  async function confirm(effect: Import, step: ConfirmStep, call: Call): Promise<Next> {
    const carried = store.carried.of(effect.id);
    const failed = step.hasErrors ? await failedRows(carried, effect, step, call) : new Map<number, string>();
    const applied = carried.filter(({ id }) => !failed.has(id));
    const { done, single, missing } = await kind.confirm(applied, effect.sessionId ?? '', step, call);
    const nowMs = clock.now();
    const isLast = missing.length === 0 || step.looks + 1 >= LOOKS;
    const record = (): void => {
      for (const ended of done) {
        store.carried.done(ended.effect.id, nowMs);
        ended.record();
      }
      for (const [id, message] of failed) store.carried.release(id, nowMs, because(message));
      for (const { id } of single) store.carried.release(id, nowMs, because('to be finished singly'));
      if (!isLast) return;
      for (const { id } of missing) store.carried.release(id, nowMs, because('not seen after the import'));
    };
    const counts = { done: done.length, failed: failed.size, singly: single.length, missing: missing.length };
    parts.log.info(
      { effect: kind.kind, sessionId: effect.sessionId ?? '', counts },
      'an import was read back',
    );
    if (isLast) return { state: 'done', record };
    return { ...next({ ...step, looks: step.looks + 1 }, nowMs + SETTLE), record };
  }

  /** Effect id → the vendor's words. */
  async function failedRows(
    carried: readonly Effect[],
    effect: Import,
    { importId }: ConfirmStep,
    call: Call,
  ): Promise<Map<number, string>> {
    const table = kind.table(effect.sessionId ?? '', carried);
    const rows = await pardotImports.errorRows(importId, table?.columns[0]?.name ?? '', call);
    const messages = new Map(rows.map(({ match, message }) => [match.toLowerCase(), message]));
    return new Map(
      carried.flatMap((single) => {
        const message = messages.get(kind.matchOf(single));
        return message === undefined ? [] : [[single.id, message] as const];
      }),
    );
  }

  /** That it cannot be submitted may mean that it was: its status tells. What was just made may not be seen yet. */
  function refused(effect: Import, error: RefusedError): Next | 'retry' {
    const { payload, attempts } = effect;
    if (payload.step === 'submit') return submitted(payload.importId);
    const isReading = payload.step === 'await' || payload.step === 'confirm';
    return isReading && attempts < MAX_REFUSED_READINGS ? 'retry' : fallBack(effect, error);
  }

  function fallBack(effect: Import, error: Error): Ending {
    const sessionId = effect.sessionId ?? '';
    parts.log.warn({ effect: kind.kind, sessionId, err: error }, 'an import failed, single calls follow');
    return { state: 'skipped', record: () => releaseAll(effect, problemOf(error)) };
  }

  /** Rows may have been applied all the same, and reads may not show it yet. */
  function releaseAll(effect: Import, problem: EffectProblem): void {
    const dueAtMs = clock.now() + SETTLE;
    for (const { id } of store.carried.of(effect.id)) store.carried.release(id, dueAtMs, problem);
  }
}

function next(payload: ImportStep, atMs: number): NextStep {
  return { state: 'pending', payload, atMs };
}

/** Half a minute at first, doubling to 5 minutes. */
function pollMs(looks: number): number {
  return Math.min(5 * MINUTE, 30 * SECOND * 2 ** Math.min(looks, 10));
}

function because(message: string): EffectProblem {
  return { class: 'Import', message };
}
