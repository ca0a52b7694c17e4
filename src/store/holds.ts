import type { Database } from './database.ts';
import { FORM } from './submissions.ts';

/** A brake that was pulled, and for whom. */
export interface Hold {
  readonly id: number;
  readonly cause: 'burst' | 'change';
  /** `form:ID`, `form_handler:ID` or `landing_page:ID`; null of a change. */
  readonly form: string | null;
  /** The session that a change would have filled; null of a burst. */
  readonly sessionId: string | null;
  readonly reason: string;
  readonly begunAtMs: number;
  /** null while new people of the form are held. */
  readonly endedAtMs: number | null;
  readonly ending: 'released' | 'discarded' | null;
}

/** Somebody who waits for an admin. */
export interface HeldPerson {
  readonly sessionId: string;
  readonly emailKey: string;
  readonly email: string;
  readonly holdId: number;
  /** What they submitted. */
  readonly form: string | null;
  readonly formName: string | null;
  readonly requestedAtMs: number;
}

/** Which of the held people are meant; all that are given must fit. */
export interface HeldSelection {
  readonly emailKey?: string | undefined;
  readonly form?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly holdId?: number | undefined;
  /** Those who were discarded before instead. */
  readonly discarded?: boolean;
}

/** A person's first submission of a form in the time asked for. */
export interface Arrival {
  readonly emailKey: string;
  readonly atMs: number;
}

/** Brakes, and the people whom they hold. */
export class Holds {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  begin(hold: Pick<Hold, 'cause' | 'form' | 'sessionId' | 'reason'>, nowMs: number): number {
    const row = this.#db.get<{ id: number }>(
      'INSERT INTO hold (cause, form, session_id, reason, begun_at_ms) VALUES (?, ?, ?, ?, ?) RETURNING id',
      hold.cause,
      hold.form,
      hold.sessionId,
      hold.reason,
      nowMs,
    );
    if (!row) throw new Error('a hold was stored without a key');
    return row.id;
  }

  /** New people are not held by it any more; those it holds stay so. */
  end(id: number, ending: 'released' | 'discarded', nowMs: number): void {
    this.#db.run(
      'UPDATE hold SET ended_at_ms = ?, ending = ? WHERE id = ? AND ended_at_ms IS NULL',
      nowMs,
      ending,
      id,
    );
  }

  /** Still holding new people, or with people who wait for a decision; oldest first. */
  current(): Hold[] {
    return this.#db.all(
      `SELECT * FROM hold WHERE ended_at_ms IS NULL
         OR id IN (SELECT hold_id FROM registration WHERE outcome = 'held') ORDER BY id`,
    );
  }

  /** The one that holds whoever comes through this form now. */
  openOf(form: string): Hold | undefined {
    return this.#db.get('SELECT * FROM hold WHERE form = ? AND ended_at_ms IS NULL', form);
  }

  /** When an admin last found the form to be in order; 0: never. */
  releasedAtMs(form: string): number {
    const row = this.#db.get<{ at: number | null }>(
      "SELECT max(ended_at_ms) AS at FROM hold WHERE form = ? AND ending = 'released'",
      form,
    );
    return row?.at ?? 0;
  }

  /**
   * Who came through the form later than `sinceMs` and was sent to a session, or is not known yet: prospects become
   * visible later than what they submitted.
   */
  arrivals(form: string, sinceMs: number): Arrival[] {
    return this.#db.all(
      `SELECT coalesce(email_key(email), 'a' || activity_id) AS email_key, min(created_at_ms) AS at_ms
       FROM submission
       WHERE created_at_ms > ? AND (session_id IS NOT NULL OR outcome IS NULL) AND ${FORM} = ? GROUP BY 1`,
      sinceMs,
      form,
    );
  }

  /** Whoever came through the form later than `sinceMs` and was not sent yet is held, too. Returns how many. */
  holdUnsent(form: string, holdId: number, sinceMs: number, nowMs: number): number {
    const people = this.#db.all<{ sessionId: string; emailKey: string }>(
      `SELECT r.session_id, r.email_key FROM effect JOIN registration r
         ON r.session_id = effect.session_id AND r.email_key = effect.email_key
       JOIN submission s ON s.activity_id = r.activity_id
       WHERE effect.kind = 'livestorm_registration' AND effect.state IN ('pending', 'parked')
         AND effect.attempts = 0 AND s.created_at_ms > ? AND ${FORM} = ?`,
      sinceMs,
      form,
    );
    for (const person of people) {
      this.#db.run(
        "DELETE FROM effect WHERE kind = 'livestorm_registration' AND session_id = ? AND email_key = ?",
        person.sessionId,
        person.emailKey,
      );
      this.hold(person, holdId, nowMs);
    }
    return people.length;
  }

  hold(person: { sessionId: string; emailKey: string }, holdId: number, nowMs: number): void {
    this.#db.run(
      `UPDATE registration SET outcome = 'held', outcome_at_ms = ?, hold_id = ?,
         detail = (SELECT reason FROM hold WHERE id = ?) WHERE session_id = ? AND email_key = ?`,
      nowMs,
      holdId,
      holdId,
      person.sessionId,
      person.emailKey,
    );
  }

  /** Which one holds this person; undefined for somebody who is not held. */
  holdOf(sessionId: string, emailKey: string): number | undefined {
    return this.#db.get<{ holdId: number }>(
      `SELECT hold_id FROM registration
       WHERE session_id = ? AND email_key = ? AND outcome = 'held' AND hold_id IS NOT NULL`,
      sessionId,
      emailKey,
    )?.holdId;
  }

  /** Oldest submission first. */
  people(selection: HeldSelection = {}): HeldPerson[] {
    return this.#db.all(
      `SELECT r.session_id, r.email_key, r.email, r.hold_id, ${FORM} AS form, s.asset_name AS form_name,
         r.requested_at_ms
       FROM registration r LEFT JOIN submission s ON s.activity_id = r.activity_id
       WHERE r.hold_id IS NOT NULL AND r.outcome = @outcome AND (@emailKey IS NULL OR r.email_key = @emailKey)
         AND (@form IS NULL OR ${FORM} = @form) AND (@sessionId IS NULL OR r.session_id = @sessionId)
         AND (@holdId IS NULL OR r.hold_id = @holdId)
       ORDER BY r.requested_at_ms, r.email_key`,
      {
        emailKey: selection.emailKey ?? null,
        form: selection.form ?? null,
        sessionId: selection.sessionId ?? null,
        holdId: selection.holdId ?? null,
        outcome: selection.discarded ? 'discarded' : 'held',
      },
    );
  }
}
