import type { Database } from './database.ts';
import { tablesWith } from './erasure.ts';
import { ATTENDEE } from './registrants.ts';

/** Made once for a session and not about people. */
const LASTING = "('salesforce_campaign', 'pardot_list', 'link_rename')";

/**
 * People of sessions that are long over. A session is erased in parts, and once it has begun its people are not read
 * any more: else they would come back as new. What is left of them are numbers.
 */
export class AgedPeople {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Linked sessions that were over before, and can take nobody any more. Sessions on demand always can. */
  sessionsOver(beforeMs: number): string[] {
    const rows = this.#db.all<{ id: string }>(
      `SELECT s.id FROM session s JOIN session_link l ON l.session_id = s.id
       WHERE (s.status IN ('past', 'past_not_started', 'canceled') OR s.gone_at_ms IS NOT NULL)
         AND max(s.created_at_ms, coalesce(s.estimated_started_at_ms, 0), coalesce(s.started_at_ms, 0),
           coalesce(s.ended_at_ms, 0), coalesce(s.canceled_at_ms, 0), coalesce(s.gone_at_ms, 0)) < ?
         AND NOT EXISTS (SELECT 1 FROM erased_session e WHERE e.session_id = s.id)
         AND NOT EXISTS (SELECT 1 FROM effect f WHERE f.session_id = s.id AND f.state = 'sending')
       ORDER BY s.created_at_ms`,
      beforeMs,
    );
    return rows.map(({ id }) => id);
  }

  /** Keeps the numbers; from now on the session's people are not read any more. */
  begin(sessionId: string, nowMs: number): void {
    this.#db.run(
      `INSERT INTO erased_session (session_id, erased_at_ms, registrations, registrants, attended)
       SELECT @sessionId, @nowMs,
         (SELECT json_group_object(outcome, count) FROM (SELECT coalesce(outcome, '') AS outcome, count(*) AS count
           FROM registration WHERE session_id = @sessionId GROUP BY 1)),
         (SELECT count(*) FROM registrant p WHERE p.session_id = @sessionId AND ${ATTENDEE}),
         (SELECT count(*) FROM registrant p WHERE p.session_id = @sessionId AND ${ATTENDEE} AND p.attended = 1)`,
      { sessionId, nowMs },
    );
  }

  isErased(sessionId: string): boolean {
    return this.#db.get('SELECT 1 FROM erased_session WHERE session_id = ?', sessionId) !== undefined;
  }

  /** Sessions of which rows may be left. */
  unfinished(): string[] {
    return this.#db
      .all<{ sessionId: string }>('SELECT session_id FROM erased_session WHERE done_at_ms IS NULL ORDER BY 1')
      .map(({ sessionId }) => sessionId);
  }

  /** At most so many rows of every table, in one transaction; returns how many, 0 when none is left. */
  eraseSome(sessionId: string, limit: number): number {
    return this.#db.transaction(() => {
      // Those that an import carries go before the import.
      let rows = this.#db.run(
        `DELETE FROM effect WHERE id IN (SELECT id FROM effect WHERE session_id = ? AND kind NOT IN ${LASTING}
           ORDER BY carried_by IS NULL LIMIT ?)`,
        sessionId,
        limit,
      );
      rows += this.#eraseSubmissions('session_id = ?', sessionId, limit);
      const inSessions = new Set(tablesWith(this.#db, 'session_id'));
      for (const table of tablesWith(this.#db, 'email_key')) {
        if (table === 'effect' || !inSessions.has(table)) continue;
        rows += this.#db.run(
          `DELETE FROM "${table}" WHERE session_id = @sessionId AND email_key IN
             (SELECT email_key FROM "${table}" WHERE session_id = @sessionId LIMIT @limit)`,
          { sessionId, limit },
        );
      }
      return rows;
    });
  }

  finish(sessionId: string, nowMs: number): void {
    this.#db.transaction(() => {
      this.#db.run("DELETE FROM checkpoint WHERE stream LIKE '%/' || ?", sessionId);
      this.#db.run('UPDATE erased_session SET done_at_ms = ? WHERE session_id = ?', nowMs, sessionId);
    });
  }

  /** Submissions that led nowhere, and what was written to prospects of whom no session is left. */
  eraseSomeOther(beforeMs: number, limit: number): number {
    return this.#db.transaction(
      () =>
        this.#eraseSubmissions('session_id IS NULL AND created_at_ms < ?', beforeMs, limit) +
        this.#db.run(
          `DELETE FROM prospect_fields WHERE prospect_id IN (SELECT prospect_id FROM prospect_fields p
             WHERE written_at_ms < ?
               AND NOT EXISTS (SELECT 1 FROM session_prospect s WHERE s.prospect_id = p.prospect_id) LIMIT ?)`,
          beforeMs,
          limit,
        ),
    );
  }

  /** Of the newest ones the activity stays: they are read again while nothing newer comes, and would count as new. */
  #eraseSubmissions(where: string, value: string | number, limit: number): number {
    const isNewest = 'created_at_ms >= (SELECT max(created_at_ms) FROM submission) - 7 * 86400000';
    const blanked = this.#db.run(
      `UPDATE submission SET prospect_id = NULL, prospect_deleted = NULL, email = NULL, fields = NULL,
         session_id = NULL, outcome = 'forgotten'
       WHERE activity_id IN (SELECT activity_id FROM submission
         WHERE ${where} AND ${isNewest} AND outcome IS NOT 'forgotten' LIMIT ?)`,
      value,
      limit,
    );
    const deleted = this.#db.run(
      `DELETE FROM submission WHERE activity_id IN (SELECT activity_id FROM submission
         WHERE ${where} AND NOT ${isNewest} LIMIT ?)`,
      value,
      limit,
    );
    return blanked + deleted;
  }
}
