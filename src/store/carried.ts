import type { Database } from './database.ts';
import {
  type Effect,
  type EffectKind,
  type EffectProblem,
  FRESH,
  NOT_CARRIED_ALONG,
  readEffects,
} from './effects.ts';
import { PAGE_ROWS, paged } from './pages.ts';

const OPEN = "state IN ('pending', 'sending', 'unknown', 'parked')";

/** Whom an effect is for, without what it writes: an import takes thousands along. */
export type CarriedEffect = Pick<Effect, 'id' | 'naturalKey' | 'emailKey' | 'prospectId'>;

/** Single effects that an import takes along. While it does they are not sent by themselves. */
export class CarriedEffects {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Those effects of one session, oldest first; without people and prospects of whom another is being carried. */
  due(kind: EffectKind, sessionId: string, nowMs: number): Generator<Effect> {
    return paged((last) =>
      readEffects(
        this.#db,
        `WHERE kind = ? AND session_id = ? AND ${FRESH} AND next_attempt_at_ms <= ?
           AND ${NOT_CARRIED_ALONG}
           AND id > ? ORDER BY id LIMIT ${PAGE_ROWS}`,
        kind,
        sessionId,
        nowMs,
        last?.id ?? 0,
      ),
    );
  }

  carry(importId: number, effectId: number): void {
    this.#db.run('UPDATE effect SET carried_by = ? WHERE id = ?', importId, effectId);
  }

  /** Also those that were superseded on the way: the import writes them all the same. */
  of(importId: number): Generator<Effect> {
    return paged((last) =>
      readEffects(
        this.#db,
        `WHERE carried_by = ? AND id > ? ORDER BY id LIMIT ${PAGE_ROWS}`,
        importId,
        last?.id ?? 0,
      ),
    );
  }

  /** The same, all at once. */
  listOf(importId: number): CarriedEffect[] {
    return this.#db.all(
      'SELECT id, natural_key, email_key, prospect_id FROM effect WHERE carried_by = ? ORDER BY id',
      importId,
    );
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
