import { writeCsv } from '../clients/csv.ts';
import { MAX_BATCH_BYTES } from '../clients/pardot-imports.ts';
import type { Effect } from '../store/effects.ts';
import type { ImportKind, ImportParts, ImportStep, ImportTable } from './import-kinds.ts';

/** Bounds memory, and what a failed import costs. */
const MAX_ROWS = 5000;

/** Puts the due effects of every session that has enough of them into imports. Returns how many imports that makes. */
export function planImports({ store, clock, importFrom }: ImportParts, kind: ImportKind): number {
  if (importFrom === 0) return 0;
  const nowMs = clock.now();
  return store.transaction(() => {
    let planned = 0;
    for (const sessionId of store.effects.sessionsToBegin(kind.carries, nowMs, importFrom)) {
      const due = store.carried.due(kind.carries, sessionId, nowMs);
      const table = kind.table(sessionId, due);
      const fit = table ? due.filter((effect) => table.rowOf(effect) !== null) : [];
      if (!table || fit.length < importFrom) continue;
      for (const batch of batches(fit, table)) {
        const naturalKey = `${sessionId}/${batch[0]?.id}/${nowMs}`;
        const payload: ImportStep = { step: 'create' };
        store.effects.want({ kind: kind.kind, naturalKey, sessionId, payload }, nowMs);
        const importId = store.effects.get(kind.kind, naturalKey)?.id ?? 0;
        for (const effect of batch) store.carried.carry(importId, effect.id);
        planned++;
      }
    }
    return planned;
  });
}

/** Cuts where a batch would have too many rows or bytes. */
export function* batches(
  effects: readonly Effect[],
  { columns, rowOf }: ImportTable,
  limits = { rows: MAX_ROWS, bytes: MAX_BATCH_BYTES },
): Generator<Effect[]> {
  const headerBytes = bytesOf(columns.map(({ name }) => name));
  let batch: Effect[] = [];
  let bytes = headerBytes;
  for (const effect of effects) {
    const size = bytesOf(rowOf(effect) ?? []);
    if (batch.length === limits.rows || (batch.length > 0 && bytes + size > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = headerBytes;
    }
    batch.push(effect);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function bytesOf(record: readonly string[]): number {
  return Buffer.byteLength(writeCsv([record]));
}
