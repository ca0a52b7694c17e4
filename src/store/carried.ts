import type { Database } from './database.ts';
import { type Effect, type EffectKind, type EffectProblem, FRESH, readEffects } from './effects.ts';

const OPEN = "state IN ('pending', 'sending', 'unknown', 'parked')";
/** Single effects that an import takes along. While it does they are not sent by themselves. */
export class CarriedEffects {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Those effects of one session, oldest first; without people of whom another is being carried. */
  due(kind: EffectKind, sessionId: string, nowMs: number): Effect[] {
    return readEffects(
      this.#db,
      `WHERE kind = ? AND session_id = ? AND ${FRESH} AND next_attempt_at_ms <= ?
         AND NOT EXISTS (SELECT 1 FROM effect c
           WHERE c.carried_by IS NOT NULL AND c.email_key = effect.email_key AND c.kind = effect.kind)
       ORDER BY id`,
      kind,
      sessionId,
      nowMs,
    );
  }

  carry(importId: number, effectId: number): void {
    this.#db.run('UPDATE effect SET carried_by = ? WHERE id = ?', importId, effectId);
  }

  /** Also those that were superseded on the way: the import writes them all the same. */
  of(importId: number): Effect[] {
    return readEffects(this.#db, 'WHERE carried_by = ? ORDER BY id', importId);
  }

  /** The import did it. */
  done(effectId: number, nowMs: number): void {
    this.#db.run(
      `UPDATE effect SET carried_by = NULL, problem = NULL, state = CASE WHEN ${OPEN} THEN 'done' ELSE state END,
         finished_at_ms = coalesce(finished_at_ms, ?) WHERE id = ?`,
      nowMs,
      effectId,
    );
  }

  /** The import did not, or nobody knows: from `dueAtMs` on it is sent singly. */
  release(effectId: number, dueAtMs: number, problem: EffectProblem): void {
    this.#db.run(
      `UPDATE effect SET carried_by = NULL, state = 'pending', attempts = max(attempts, 1), next_attempt_at_ms = ?,
         problem = ? WHERE id = ? AND ${OPEN}`,
      dueAtMs,
      JSON.stringify(problem),
      effectId,
    );
    this.#db.run('UPDATE effect SET carried_by = NULL WHERE id = ?', effectId);
  }
}
