import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { StateError } from '../../src/errors.ts';
import { Database } from '../../src/store/database.ts';

/** A write of key and value. */
export const PUT = 'INSERT INTO meta (key, value) VALUES (?, ?)';

/** Closed when the test ends. */
export function open(t: TestContext, file: string): Database {
  const db = Database.open(file);
  t.after(() => db[Symbol.dispose]());
  return db;
}

/** Root may write everywhere; these tests look at what happens to the daemon's own user. */
export function unprivileged(work: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** For `assert.throws`. */
export const stateErrorWith =
  (hint: RegExp) =>
  (error: unknown): true => {
    assert.ok(error instanceof StateError, String(error));
    assert.match(error.hint ?? '', hint);
    return true;
  };
