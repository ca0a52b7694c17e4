import { createHash } from 'node:crypto';
import type Sqlite from 'better-sqlite3';

/** A digest of every row of every table. */
export function digestOf(sqlite: Sqlite.Database): string {
  const hash = createHash('sha256');
  const tables = sqlite
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  for (const table of tables) {
    hash.update(JSON.stringify([table, sqlite.prepare(`SELECT * FROM ${table}`).raw().all()]));
  }
  return hash.digest('hex').slice(0, 16);
}
