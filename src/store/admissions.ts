import type { Database } from './database.ts';

/** Sessions from before activation that a backfill has taken in. */
export class Admissions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  admit(sessionId: string, nowMs: number): void {
    this.#db.run(
      'INSERT INTO admitted_session (session_id, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
      sessionId,
      nowMs,
    );
  }

  has(sessionId: string): boolean {
    return this.#db.get('SELECT 1 FROM admitted_session WHERE session_id = ?', sessionId) !== undefined;
  }
}
