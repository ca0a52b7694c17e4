import type { Outcome } from '../domain.ts';
import type { Database } from './database.ts';
import type { EffectKind } from './effect.ts';
import { NOT_PAUSED } from './pauses.ts';
import { ATTENDEE } from './registrants.ts';

/** How far the people of one linked session have come. */
export interface Funnel {
  readonly sessionId: string;
  /** Sent there by a form, whatever became of it. */
  readonly submitted: number;
  /** In Livestorm's people list, from whichever side, without team, speakers and people without an address. */
  readonly registered: number;
  readonly attended: number;
  /** Of whom attendance, or absence, was written to Account Engagement; null once the people are erased. */
  readonly written: number | null;
}

/** A registration through a form, without the person. */
export interface Arrival {
  readonly requestedAtMs: number;
  readonly outcome: Outcome | null;
  readonly outcomeAtMs: number | null;
}

/** A registration that has ended. */
export interface Ending {
  readonly outcome: Outcome;
  /** From the submission on; null of those who were held, backfilled or refused. */
  readonly seconds: number | null;
}

/** Neither parked (that has a problem of its own) nor at work inside a vendor. */
const OPEN = `state IN ('pending', 'unknown', 'parked') AND carried_by IS NULL AND state <> 'parked'
  AND kind NOT LIKE '%_import' AND kind <> 'livestorm_backfill'`;

/** Numbers about everything, for the status page and metrics. They may read a whole table. */
export class Figures {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Of the file, without its write-ahead log. */
  sizeBytes(): number {
    return Number(this.#db.pragma('page_count')) * Number(this.#db.pragma('page_size'));
  }

  /**
   * Writes that are due, by kind, and since when the oldest is. Registrations count from when they were wanted, also
   * while they are tried again, but not from before an admin last decided something.
   */
  waiting(nowMs: number): { kind: EffectKind; count: number; sinceMs: number }[] {
    return this.#db.all(
      `SELECT kind, count(*) AS count, min(CASE kind WHEN 'livestorm_registration'
         THEN max(created_at_ms, (SELECT coalesce(max(at_ms), 0) FROM decision)) ELSE next_attempt_at_ms END) AS since_ms
       FROM effect WHERE ${OPEN} AND (next_attempt_at_ms <= ? OR kind = 'livestorm_registration') AND ${NOT_PAUSED}
       GROUP BY kind ORDER BY kind`,
      nowMs,
    );
  }

  /** Of the sessions with the latest start, at most so many. */
  funnels(limit: number): Funnel[] {
    const people = `SELECT count(*) FROM registrant p
      WHERE p.session_id = l.session_id AND ${ATTENDEE} AND p.gone_at_ms IS NULL`;
    return this.#db.all(
      `SELECT l.session_id,
         CASE WHEN e.session_id IS NULL
           THEN (SELECT count(*) FROM registration r WHERE r.session_id = l.session_id)
           ELSE (SELECT coalesce(sum(value), 0) FROM json_each(e.registrations)) END AS submitted,
         coalesce(e.registrants, (${people})) AS registered,
         coalesce(e.attended, (${people} AND p.attended = 1)) AS attended,
         CASE WHEN e.session_id IS NULL
           THEN (SELECT count(DISTINCT f.email_key) FROM effect f WHERE f.session_id = l.session_id AND f.state = 'done'
             AND (f.kind = 'prospect_fields' OR f.kind = 'external_activity'
               AND json_extract(f.payload, '$.type') IN ('Attended', 'NotAttended')))
           ELSE NULL END AS written
       FROM session_link l JOIN session s ON s.id = l.session_id LEFT JOIN erased_session e ON e.session_id = l.session_id
       ORDER BY coalesce(s.started_at_ms, s.estimated_started_at_ms, s.created_at_ms) DESC, l.session_id LIMIT ?`,
      limit,
    );
  }

  /** Who asked to be registered since, oldest first. */
  arrivals(sinceMs: number): Arrival[] {
    return this.#db.all(
      'SELECT requested_at_ms, outcome, outcome_at_ms FROM registration WHERE requested_at_ms >= ? ORDER BY 1',
      sinceMs,
    );
  }

  /** Everybody whom a form sent to a session, by outcome; null: on the way. */
  people(): { outcome: Outcome | null; count: number }[] {
    return this.#db.all(
      `SELECT outcome, sum(count) AS count FROM (
         SELECT nullif(key, '') AS outcome, value AS count FROM erased_session, json_each(registrations)
         UNION ALL
         SELECT outcome, count(*) FROM registration WHERE session_id NOT IN (SELECT session_id FROM erased_session)
         GROUP BY outcome) GROUP BY outcome ORDER BY outcome`,
    );
  }

  /** Registrations that ended after `afterMs` and not after `untilMs`. */
  endings(afterMs: number, untilMs: number): Ending[] {
    return this.#db.all(
      `SELECT outcome, CASE WHEN hold_id IS NULL AND outcome IN ('registered', 'already_registered', 'field_unknown')
           AND NOT EXISTS (SELECT 1 FROM effect f WHERE f.email_key = r.email_key AND f.session_id = r.session_id
             AND f.kind = 'livestorm_backfill')
         THEN max(0, outcome_at_ms - requested_at_ms) / 1000.0 END AS seconds
       FROM registration r WHERE outcome_at_ms > ? AND outcome_at_ms <= ?
         AND outcome NOT IN ('held', 'quota_parked', 'auth_parked')`,
      afterMs,
      untilMs,
    );
  }
}
