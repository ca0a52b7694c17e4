import { csvFile } from '../clients/csv.ts';
import { MAX_BATCH_BYTES } from '../clients/pardot-imports.ts';
import type { Effect } from '../store/effects.ts';
import type { ImportKind, ImportParts, ImportStep, ImportTable } from './import-kinds.ts';

/** Bounds memory, and what a failed import costs. */
const MAX_ROWS = 5000;

/** Puts the due effects of every session that has enough of them into imports. Returns how many imports that makes. */
export function planImports(parts: ImportParts, kind: ImportKind): number {
  const { store, clock, importFrom } = parts;
  if (importFrom === 0) return 0;
  const nowMs = clock.now();
  return store.transaction(() => {
    let planned = 0;
    for (const sessionId of store.effects.sessionsToBegin(kind.carries, nowMs, importFrom)) {
      const due = (): Iterable<Effect> => store.carried.due(kind.carries, sessionId, nowMs);
      const table = kind.table(sessionId, due());
      // Ids and sizes of all, the effects themselves page by page.
      const rows = table ? [...rowsOf(due(), table)] : [];
      if (!table || rows.length < importFrom) continue;
      for (const batch of batches(rows, headerBytes(table))) {
        want(parts, kind, sessionId, batch, nowMs);
        planned++;
      }
    }
    return planned;
  });
}

function want(
  { store }: ImportParts,
  { kind }: ImportKind,
  sessionId: string,
  batch: readonly Row[],
  nowMs: number,
): void {
  const naturalKey = `${sessionId}/${batch[0]?.id}/${nowMs}`;
  const payload: ImportStep = { step: 'create' };
  store.effects.want({ kind, naturalKey, sessionId, payload }, nowMs);
  const importId = store.effects.get(kind, naturalKey)?.id ?? 0;
  for (const { id } of batch) store.carried.carry(importId, id);
}

/** The row of one effect, by its size alone. */
interface Row {
  readonly id: number;
  readonly bytes: number;
}

/** Those that go by import. */
export function* rowsOf(effects: Iterable<Effect>, { rowOf }: ImportTable): Generator<Row> {
  for (const effect of effects) {
    const row = rowOf(effect);
    if (row) yield { id: effect.id, bytes: bytesOf(row) };
  }
}

export function headerBytes({ columns }: ImportTable): number {
  return bytesOf(columns.map(({ name }) => name));
}

/** Cuts where a batch would have too many rows or bytes. */
export function* batches(
  rows: Iterable<Row>,
  header: number,
  limits = { rows: MAX_ROWS, bytes: MAX_BATCH_BYTES },
): Generator<Row[]> {
  let batch: Row[] = [];
  let bytes = header;
  for (const row of rows) {
    if (batch.length === limits.rows || (batch.length > 0 && bytes + row.bytes > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = header;
    }
    batch.push(row);
    bytes += row.bytes;
  }
  if (batch.length > 0) yield batch;
}

function bytesOf(record: readonly string[]): number {
  return csvFile([record]).length;
}
