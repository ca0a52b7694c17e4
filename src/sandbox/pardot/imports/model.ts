import type { StampedRow } from '../rows.ts';

/** pardot.md §8.1; the sandbox never cancels. */
export type ImportStatus = 'Open' | 'Ready' | 'Waiting' | 'Processing' | 'Complete' | 'Failed';

/** What an entry of `fields` says about one column. */
export interface ColumnOptions {
  /** Whether a field that has a value gets another. */
  readonly overwrite: boolean;
  /** Whether a blank cell clears the field. */
  readonly nullOverwrite: boolean;
}

export interface ImportResult {
  readonly status: 'Complete' | 'Failed';
  readonly atMs: number;
  readonly createdCount: number;
  readonly updatedCount: number;
  readonly errorCount: number;
  /** The failed rows with what is wrong with each; null when there are none. */
  readonly errorCsv: string | null;
}

/** §8.1. */
export interface ImportRow extends StampedRow {
  readonly operation: 'Upsert';
  readonly object: 'Prospect';
  readonly createOnNoMatch: boolean;
  readonly restoreDeleted: boolean;
  /** By column; the defaults where absent. */
  readonly options: ReadonlyMap<string, ColumnOptions>;
  /** Column names, the same in all batches; null before the first. */
  readonly header: readonly string[] | null;
  /** Of all batches; gone once applied. */
  readonly rows: readonly (readonly string[])[];
  /** One for each batch. */
  readonly uploadedAtMs: readonly number[];
  /** null while Open. */
  readonly readyAtMs: number | null;
  readonly dueAtMs: number | null;
  readonly result: ImportResult | null;
}
