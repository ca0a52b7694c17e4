import type { FieldValue, Outcome } from '../domain.ts';
import type { Database } from './database.ts';

/** One person who is to be registered in one session. */
export interface Registration {
  readonly sessionId: string;
  readonly emailKey: string;
  readonly email: string;
  readonly activityId: number;
  readonly prospectId: number | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** When the person submitted. */
  readonly requestedAtMs: number;
  readonly decidedAtMs: number;
  /** null while it is on its way. */
  readonly outcome: Outcome | null;
  readonly outcomeAtMs: number | null;
  readonly detail: string | null;
  readonly personId: string | null;
}

export type NewRegistration = Omit<
  Registration,
  'decidedAtMs' | 'outcome' | 'outcomeAtMs' | 'detail' | 'personId'
>;

export class Registrations {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * The first submission of a person for a session makes it. A later one requests it anew if the person was refused
   * before, or submitted after they were registered: they may have left since. A time of registering that is still to
   * come is one of a clock that has been set back, and tells nothing. The address keeps the letter case
   * in which it may have been sent, to be found by it. Returns whether there is something to do.
   */
  request(wanted: NewRegistration, nowMs: number): boolean {
    return (
      this.#db.run(
        `INSERT INTO registration (session_id, email_key, email, activity_id, prospect_id, fields, requested_at_ms,
           decided_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET activity_id = excluded.activity_id,
           prospect_id = excluded.prospect_id, fields = excluded.fields, requested_at_ms = excluded.requested_at_ms,
           decided_at_ms = excluded.decided_at_ms, outcome = NULL, outcome_at_ms = NULL, detail = NULL
         WHERE outcome IN ('dead', 'moved', 'session_ended', 'session_canceled', 'session_gone', 'session_not_published')
           OR outcome IN ('registered', 'already_registered', 'field_unknown')
             AND NOT outcome_at_ms BETWEEN excluded.requested_at_ms AND excluded.decided_at_ms`,
        wanted.sessionId,
        wanted.emailKey,
        wanted.email,
        wanted.activityId,
        wanted.prospectId,
        JSON.stringify(wanted.fields),
        wanted.requestedAtMs,
        nowMs,
      ) > 0
    );
  }

  /**
   * Ended because the session was closed, which is open again: a canceled or ended one was moved, a draft published.
   * Asked every ten seconds: the plus sign keeps SQLite from going through all of them in the order of their times.
   */
  closedTooEarly(): Registration[] {
    return this.#select(
      `WHERE outcome IN ('session_ended', 'session_canceled', 'session_gone', 'session_not_published') AND EXISTS
         (SELECT 1 FROM session s LEFT JOIN event e ON e.id = s.event_id
          WHERE s.id = session_id AND s.gone_at_ms IS NULL AND e.published IS NOT 0 AND (s.status IN ('upcoming', 'live')
            OR outcome = 'session_not_published' AND s.status = 'on_demand'))
       ORDER BY +requested_at_ms, email_key`,
    );
  }

  reopen(key: { sessionId: string; emailKey: string }): void {
    this.#db.run(
      `UPDATE registration SET outcome = NULL, outcome_at_ms = NULL, detail = NULL
       WHERE session_id = ? AND email_key = ?`,
      key.sessionId,
      key.emailKey,
    );
  }

  conclude(
    key: { sessionId: string; emailKey: string },
    end: { outcome: Outcome; detail?: string | null; personId?: string | null },
    nowMs: number,
  ): void {
    this.#db.run(
      `UPDATE registration SET outcome = ?, outcome_at_ms = ?, detail = ?, person_id = coalesce(?, person_id)
       WHERE session_id = ? AND email_key = ?`,
      end.outcome,
      nowMs,
      end.detail ?? null,
      end.personId ?? null,
      key.sessionId,
      key.emailKey,
    );
  }

  /** Everyone whose request waits parked says so; the request's end will overwrite it. */
  markParked(outcome: 'quota_parked' | 'auth_parked', nowMs: number): void {
    this.#db.run(
      `UPDATE registration SET outcome = ?, outcome_at_ms = ? WHERE (session_id, email_key) IN
       (SELECT session_id, email_key FROM effect
         WHERE kind IN ('livestorm_registration', 'livestorm_backfill') AND state = 'parked')`,
      outcome,
      nowMs,
    );
  }

  get(sessionId: string, emailKey: string): Registration | undefined {
    return this.#select('WHERE session_id = ? AND email_key = ?', sessionId, emailKey)[0];
  }

  ofSession(sessionId: string): Registration[] {
    return this.#select('WHERE session_id = ? ORDER BY requested_at_ms, email_key', sessionId);
  }

  all(): Registration[] {
    return this.#select('ORDER BY requested_at_ms, email_key');
  }

  countsByOutcome(sessionId: string): { outcome: Outcome | null; count: number }[] {
    return this.#db.all(
      `SELECT nullif(key, '') AS outcome, value AS count
       FROM erased_session, json_each(registrations) WHERE session_id = @sessionId
       UNION ALL
       SELECT outcome, count(*) AS count FROM registration WHERE session_id = @sessionId
         AND NOT EXISTS (SELECT 1 FROM erased_session e WHERE e.session_id = registration.session_id)
       GROUP BY outcome ORDER BY outcome`,
      { sessionId },
    );
  }

  #select(where: string, ...params: unknown[]): Registration[] {
    return readRegistrations(this.#db, where, ...params);
  }
}

/** For the files of this folder. */
export function readRegistrations(db: Database, where: string, ...params: unknown[]): Registration[] {
  return db
    .all<Omit<Registration, 'fields'> & { fields: string }>(`SELECT * FROM registration ${where}`, ...params)
    .map((row) => ({ ...row, fields: JSON.parse(row.fields) }));
}
