import { Failure } from '../failure.ts';
import type { PardotState } from '../state.ts';
import { renderCsv } from './csv.ts';
import type { ImportResult, ImportRow } from './model.ts';
import { rowImporter } from './row.ts';

/** Applies the imports that are due by now, each as of the instant at which it was due. */
export function settleImports(state: PardotState): void {
  const now = state.clock.now();
  const due = state.imports.rows().flatMap((job) => {
    const { dueAtMs, result } = job;
    return dueAtMs !== null && dueAtMs <= now && result === null ? [{ job, dueAtMs }] : [];
  });
  for (const { job, dueAtMs } of due.sort((a, b) => a.dueAtMs - b.dueAtMs)) {
    state.clock.asOf(dueAtMs, () => {
      const result = state.switches.importEnd === 'failed' ? failed(dueAtMs) : run(state, job, dueAtMs);
      state.imports.update(job.id, { ...state.touch(), result, rows: [] });
    });
  }
}

function failed(atMs: number): ImportResult {
  return { status: 'Failed', atMs, createdCount: 0, updatedCount: 0, errorCount: 0, errorCsv: null };
}

/** In no particular order: none is promised. */
function run(state: PardotState, job: ImportRow, atMs: number): ImportResult {
  const counts = { created: 0, updated: 0 };
  const errors: string[][] = [];
  const importRow = rowImporter(state, job);
  for (const cells of state.random.shuffle(job.rows)) {
    try {
      counts[importRow(cells)]++;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      errors.push([...cells, error.message]);
    }
  }
  const head = [...(job.header ?? []), state.switches.importErrorColumn];
  const errorCsv = errors.length > 0 ? renderCsv([head, ...errors]) : null;
  return {
    status: 'Complete',
    atMs,
    createdCount: counts.created,
    updatedCount: counts.updated,
    errorCount: errors.length,
    errorCsv,
  };
}
