import type { Database } from './database.ts';

/** Where each poller stands. */
export class Checkpoints {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The stored cursor of a stream; undefined before its first run. */
  read<T>(stream: string): T | undefined {
    const row = this.#db.get<{ cursor: string }>('SELECT cursor FROM checkpoint WHERE stream = ?', stream);
    return row && (JSON.parse(row.cursor) as T);
  }

  /** The stream begins anew. */
  forget(stream: string): void {
    this.#db.run('DELETE FROM checkpoint WHERE stream = ?', stream);
  }

  /** To be called inside the transaction that writes the observations. */
  advance(stream: string, cursor: unknown, nowMs: number): void {
    this.#db.run(
      `INSERT INTO checkpoint (stream, cursor, advanced_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (stream) DO UPDATE SET cursor = excluded.cursor, advanced_at_ms = excluded.advanced_at_ms`,
      stream,
      JSON.stringify(cursor),
      nowMs,
    );
  }
}
