import type { Database } from './database.ts';
import { type Effect, readEffects } from './effects.ts';
import { type KnownSubmission, readSubmissions } from './submissions.ts';

/** What came to an end that an admin must look at. */
export class Failures {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Effects that were given up, oldest first. */
  dead(): Effect[] {
    return readEffects(this.#db, "WHERE state = 'dead' ORDER BY id");
  }

  /** Submissions that cannot be registered before somebody mends something. */
  stuck(): KnownSubmission[] {
    return readSubmissions(
      this.#db,
      "WHERE outcome IN ('session_not_published', 'prospect_missing') ORDER BY activity_id",
    );
  }

  /**
   * A dead effect is to be tried again. As `unknown` it is looked for first; either way it goes singly, since it was
   * tried before. Returns false when it is not dead any more.
   */
  rearm(id: number, state: 'pending' | 'unknown', dueAtMs: number): boolean {
    return (
      this.#db.run(
        `UPDATE effect SET state = ?, reason = NULL, attempts = 1, next_attempt_at_ms = ?, finished_at_ms = NULL
         WHERE id = ? AND state = 'dead'`,
        state,
        dueAtMs,
        id,
      ) > 0
    );
  }

  /** A dead effect is never tried again. Returns false when it is not dead any more. */
  discard(id: number, nowMs: number): boolean {
    return (
      this.#db.run(
        "UPDATE effect SET state = 'skipped', reason = 'discarded', finished_at_ms = ? WHERE id = ? AND state = 'dead'",
        nowMs,
        id,
      ) > 0
    );
  }
}
