import { HOUR, MINUTE, SECOND } from '../clock.ts';
import type { Call } from '../domain.ts';
import type { RefusedError } from '../errors.ts';
import type { Effect } from '../store/effects.ts';
import { confirmImport, type ImportWork } from './import-confirmation.ts';
import { fallBack, type Next, next, SETTLE } from './import-endings.ts';
import type { ImportParts, ImportStep, ImportTable } from './import-kinds.ts';

/** Longer than this no import is waited for. */
const LONGEST = 24 * HOUR;
/** More than the read lag, with the usual waits in between. */
const MAX_REFUSED_READINGS = 8;

/** Does the step that an import has come to, one request or reading. */
export function takeStep(work: ImportWork): Promise<Next> {
  const { payload } = work.effect;
  switch (payload.step) {
    case 'create':
      return create(work);
    case 'upload':
      return upload(work, payload.importId);
    case 'submit':
      return submit(work.parts, payload.importId, work.call);
    case 'await':
      return look(work, payload);
    case 'confirm':
      return confirmImport(work, payload);
  }
}

async function create({ parts, kind, effect, call }: ImportWork): Promise<Next> {
  const { store, clock, pardotImports } = parts;
  const table = kind.table(effect.sessionId ?? '', store.carried.of(effect.id));
  if (!table) return fallBack(parts, effect, new Error('the session has no campaign or list any more'));
  const { columns } = table;
  const { id } = await pardotImports.create({ columns, createOnNoMatch: kind.createOnNoMatch }, call);
  if (id === null) return fallBack(parts, effect, new Error('the id of the import was not told'));
  return next({ step: 'upload', importId: id }, clock.now());
}

async function upload({ parts, kind, effect, call }: ImportWork, importId: number): Promise<Next> {
  const { store, clock, pardotImports } = parts;
  const table = kind.table(effect.sessionId ?? '', store.carried.of(effect.id));
  const rows = () => (table ? rowsOf(store.carried.of(effect.id), table) : [].values());
  if (!table || rows().next().done)
    return fallBack(parts, effect, new Error('nobody is left to be imported'));
  await pardotImports.upload(importId, table, rows(), call);
  return next({ step: 'submit', importId }, clock.now());
}

function* rowsOf(effects: Iterable<Effect>, { rowOf }: ImportTable): Generator<readonly string[]> {
  for (const effect of effects) {
    const row = rowOf(effect);
    if (row) yield row;
  }
}

async function submit(parts: ImportParts, importId: number, call: Call): Promise<Next> {
  await parts.pardotImports.submit(importId, call);
  return submitted(parts, importId);
}

function submitted({ clock }: ImportParts, importId: number): Next {
  const nowMs = clock.now();
  return next({ step: 'await', importId, submittedAtMs: nowMs, looks: 0 }, nowMs + pollMs(0));
}

async function look(
  { parts, kind, effect, call }: ImportWork,
  step: Extract<ImportStep, { step: 'await' }>,
): Promise<Next> {
  const { importId, submittedAtMs } = step;
  const reading = await parts.pardotImports.read(importId, call);
  const nowMs = parts.clock.now();
  const waitedMs = nowMs - submittedAtMs;
  if (reading.status === 'complete') {
    const hasErrors = reading.errorCount !== 0;
    const madeAtMs = reading.createdAtMs;
    return next({ step: 'confirm', importId, madeAtMs, hasErrors, looks: 0 }, nowMs + kind.lagMs);
  }
  if (reading.status === 'failed')
    return fallBack(parts, effect, new Error('the import failed or was canceled'));
  if (reading.status === 'open' && reading.isExpired) return next({ step: 'create' }, nowMs);
  if (reading.status === 'open' && waitedMs >= SETTLE) return next({ step: 'submit', importId }, nowMs);
  if (waitedMs >= LONGEST) return fallBack(parts, effect, new Error('the import did not end within a day'));
  return next({ ...step, looks: step.looks + 1 }, nowMs + pollMs(step.looks + 1));
}

/** That it cannot be submitted may mean that it was: its status tells. What was just made may not be seen yet. */
export function afterRefusal(
  parts: ImportParts,
  effect: Effect<ImportStep>,
  error: RefusedError,
): Next | 'retry' {
  const { payload, attempts } = effect;
  if (payload.step === 'submit') return submitted(parts, payload.importId);
  const isReading = payload.step === 'await' || payload.step === 'confirm';
  return isReading && attempts < MAX_REFUSED_READINGS ? 'retry' : fallBack(parts, effect, error);
}

/** Half a minute at first, doubling to 5 minutes. */
function pollMs(looks: number): number {
  return Math.min(5 * MINUTE, 30 * SECOND * 2 ** Math.min(looks, 10));
}
