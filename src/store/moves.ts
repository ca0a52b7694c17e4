import type { Database } from './database.ts';
import { FORM, type KnownSubmission, readSubmissions } from './submissions.ts';

/** A form, form handler or landing page that somebody submitted. */
export interface SubmittedForm {
  /** `form:ID`, `form_handler:ID` or `landing_page:ID`. */
  readonly form: string;
  /** As it was called last. */
  readonly name: string | null;
  /** The campaign of the last submission. */
  readonly campaignId: number | null;
}

/** Effects that register somebody. */
const REGISTERING = "('livestorm_registration', 'livestorm_backfill')";

/** Moving people from one session to another: what has to be known, and what is written. */
export class Moves {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Everything that was ever submitted. */
  forms(): SubmittedForm[] {
    return this.#db.all(
      `SELECT ${FORM} AS form, asset_name AS name, coalesce(campaign_id, asset_campaign_id) AS campaign_id,
         max(activity_id) FROM submission
       WHERE coalesce(form_id, form_handler_id, landing_page_id) IS NOT NULL GROUP BY 1 ORDER BY 1`,
    );
  }

  /** Submissions of the form that led to the session, by themselves or by a move, or found it closed; oldest first. */
  submissions(form: string, sessionId: string): KnownSubmission[] {
    return readSubmissions(
      this.#db,
      `WHERE ${FORM} = @form AND email IS NOT NULL AND (session_id = @session
         OR EXISTS (SELECT 1 FROM registration r
           WHERE r.session_id = @session AND r.email_key = email_key(email) AND r.activity_id = submission.activity_id)
         OR outcome IN ('session_ended', 'session_canceled', 'session_gone', 'session_not_published')
           AND EXISTS (SELECT 1 FROM session_link l WHERE l.session_id = @session
             AND l.pardot_campaign_id IN (campaign_id, asset_campaign_id, inner_campaign_id)))
       ORDER BY activity_id`,
      { form, session: sessionId },
    );
  }

  /** Keys of the people who came to the session through another form, alone or as well. */
  throughOtherForms(form: string, sessionId: string): Set<string> {
    const rows = this.#db.all<{ emailKey: string }>(
      `SELECT DISTINCT email_key(email) AS email_key FROM submission
       WHERE session_id = ? AND email IS NOT NULL AND ${FORM} <> ?`,
      sessionId,
      form,
    );
    return new Set(rows.map(({ emailKey }) => emailKey));
  }

  /** Whether the person is, or is about to be, in another session of the same event. */
  isElsewhereInEvent(sessionId: string, emailKey: string): boolean {
    return this.#has(
      `SELECT 1 FROM session here JOIN session other ON other.event_id = here.event_id AND other.id <> here.id
       WHERE here.id = @session AND (
         EXISTS (SELECT 1 FROM registrant p WHERE p.session_id = other.id AND p.email_key = @email
           AND p.gone_at_ms IS NULL)
         OR EXISTS (SELECT 1 FROM registration r WHERE r.session_id = other.id AND r.email_key = @email
           AND r.outcome IN ('registered', 'already_registered', 'field_unknown'))
         OR EXISTS (SELECT 1 FROM effect e WHERE e.kind IN ${REGISTERING} AND e.email_key = @email
           AND e.session_id = other.id AND e.state NOT IN ('done', 'skipped', 'dead'))) LIMIT 1`,
      { session: sessionId, email: emailKey },
    );
  }

  /** Whether somebody in a session with this list is the same prospect, for another reason than this registration. */
  isListNeeded(listId: number, prospectId: number, sessionId: string, emailKey: string): boolean {
    return this.#has(
      `SELECT 1 FROM session_prospect k JOIN session_link l ON l.session_id = k.session_id
       WHERE l.list_id = ? AND k.prospect_id = ? AND NOT (k.session_id = ? AND k.email_key = ?)
         AND NOT EXISTS (SELECT 1 FROM registration r
           WHERE r.session_id = k.session_id AND r.email_key = k.email_key AND r.outcome = 'moved') LIMIT 1`,
      listId,
      prospectId,
      sessionId,
      emailKey,
    );
  }

  /** The registration ends as moved; what it had open besides itself is not sent any more. */
  move(sessionId: string, emailKey: string, detail: string, nowMs: number): void {
    this.#db.run(
      `UPDATE registration SET outcome = 'moved', outcome_at_ms = ?, detail = ?, hold_id = NULL
       WHERE session_id = ? AND email_key = ?`,
      nowMs,
      detail,
      sessionId,
      emailKey,
    );
    this.#db.run(
      `UPDATE effect SET state = 'skipped', reason = 'moved', finished_at_ms = ?
       WHERE session_id = ? AND email_key = ? AND (kind IN ${REGISTERING} AND state = 'dead'
         OR (kind IN ${REGISTERING} OR kind = 'external_activity') AND state IN ('pending', 'parked'))`,
      nowMs,
      sessionId,
      emailKey,
    );
  }

  /** Taken out of the session in Livestorm: a people list without the person is as it should be. */
  left(sessionId: string, emailKey: string, nowMs: number): void {
    this.#db.run(
      "UPDATE registration SET person_id = NULL WHERE session_id = ? AND email_key = ? AND outcome = 'moved'",
      sessionId,
      emailKey,
    );
    this.#db.run(
      'UPDATE registrant SET gone_at_ms = ? WHERE session_id = ? AND email_key = ? AND gone_at_ms IS NULL',
      nowMs,
      sessionId,
      emailKey,
    );
  }

  /** More about a moved registration, for people to read. */
  note(sessionId: string, emailKey: string, detail: string): void {
    this.#db.run(
      "UPDATE registration SET detail = detail || '; ' || ? WHERE session_id = ? AND email_key = ? AND outcome = 'moved'",
      detail,
      sessionId,
      emailKey,
    );
  }

  #has(sql: string, ...params: unknown[]): boolean {
    return this.#db.get(sql, ...params) !== undefined;
  }
}

/** Holds in a query over `registrant p` for people who were moved away and did not come back by themselves. */
export const MOVED_AWAY = `EXISTS (SELECT 1 FROM registration m WHERE m.session_id = p.session_id
  AND m.email_key = p.email_key AND m.outcome = 'moved' AND p.registered_at_ms <= m.outcome_at_ms)`;
