import type { Database } from './database.ts';
import { MOVED_AWAY } from './moves.ts';
import { ATTENDEE, type ReplayKind } from './registrants.ts';

export interface AttendancePass {
  readonly sessionId: string;
  /** 1 for the first. */
  readonly pass: number;
  readonly readAtMs: number;
  readonly registrants: number;
  /** How many people differed from the reading before. */
  readonly changed: number;
}

/** One person's part in one ended session, joined with the prospect the registration came from. */
export interface ProspectPart {
  readonly prospectId: number;
  readonly sessionId: string;
  readonly emailKey: string;
  readonly sessionAtMs: number;
  readonly eventTitle: string;
  readonly attended: boolean;
  readonly durationSeconds: number;
  readonly attendanceRate: number | null;
  readonly messages: number;
  readonly questions: number;
  /** Whether the session took place and its people were read after its end. */
  readonly attendanceRead: boolean;
  readonly replayKind: ReplayKind | null;
  readonly replayWatchedAtMs: number | null;
}

interface PartRow extends Omit<ProspectPart, 'attended' | 'attendanceRead'> {
  attended: number;
  attendanceRead: number;
}

const READ_SINCE = `
  SELECT own.prospect_id FROM session_prospect own WHERE own.known_at_ms >= @since
  UNION
  SELECT own.prospect_id FROM registrant read
  JOIN session_prospect own ON own.session_id = read.session_id AND own.email_key = read.email_key
  WHERE read.seen_at_ms >= @since
  UNION
  SELECT own.prospect_id FROM attendance_pass pass
  JOIN session_prospect own ON own.session_id = pass.session_id
  WHERE pass.read_at_ms >= @since`;

/** null: cleared. false: nobody knows what stands there. */
export type WrittenFields = Readonly<Record<string, string | null | false>>;

/** Readings of ended sessions, and what was written to prospects because of them. */
export class AttendanceRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  recordPass(pass: AttendancePass): void {
    this.#db.run(
      'INSERT INTO attendance_pass (session_id, pass, read_at_ms, registrants, changed) VALUES (?, ?, ?, ?, ?)',
      pass.sessionId,
      pass.pass,
      pass.readAtMs,
      pass.registrants,
      pass.changed,
    );
  }

  passes(sessionId: string): AttendancePass[] {
    return this.#db.all('SELECT * FROM attendance_pass WHERE session_id = ? ORDER BY pass', sessionId);
  }

  /** Ids of prospects of whom something was read since, ascending. */
  prospectsReadSince(readSinceMs: number): number[] {
    return this.#db
      .all<{ prospectId: number }>(`${READ_SINCE} ORDER BY prospect_id`, { since: readSinceMs })
      .map(({ prospectId }) => prospectId);
  }

  /**
   * Everything known of these prospects, prospect by prospect, newest session first, and of one who is in a session
   * under several addresses the one who was there longest first.
   * Team members, guest speakers and anonymous people are left out: they are not attendees. Whoever was moved to another
   * session counts only where they came all the same.
   */
  parts(prospectIds: readonly number[]): ProspectPart[] {
    return this.#db
      .all<PartRow>(
        `SELECT r.prospect_id, r.session_id, r.email_key,
           coalesce(nullif(s.started_at_ms, 0), s.estimated_started_at_ms, s.created_at_ms) AS session_at_ms,
           coalesce(e.title, '') AS event_title,
           p.attended, p.duration_seconds, p.attendance_rate, p.messages, p.questions,
           (s.status = 'past' OR (s.status = 'on_demand' AND s.ended_at_ms IS NOT NULL))
             AND p.registered_at_ms <= coalesce(s.ended_at_ms, s.updated_at_ms) AND EXISTS (SELECT 1 FROM attendance_pass a WHERE a.session_id = s.id) AS attendance_read,
           p.replay_kind, p.replay_watched_at_ms
         FROM session_prospect r
         JOIN registrant p ON p.session_id = r.session_id AND p.email_key = r.email_key
         JOIN session s ON s.id = r.session_id
         LEFT JOIN event e ON e.id = s.event_id
         WHERE ${ATTENDEE}
           AND p.gone_at_ms IS NULL AND (p.attended = 1 OR NOT ${MOVED_AWAY})
             AND r.prospect_id IN (SELECT value FROM json_each(?))
         ORDER BY r.prospect_id, session_at_ms DESC, r.session_id, p.attended DESC, p.duration_seconds DESC,
           p.registered_at_ms, r.email_key`,
        JSON.stringify(prospectIds),
      )
      .map((row) => ({ ...row, attended: row.attended === 1, attendanceRead: row.attendanceRead === 1 }));
  }

  /** Adds to what is known to stand in the prospect's fields; null means cleared. */
  recordWritten(prospectId: number, sessionId: string, values: WrittenFields, nowMs: number): void {
    this.#db.run(
      `INSERT INTO prospect_fields (prospect_id, session_id, written, written_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (prospect_id) DO UPDATE SET session_id = excluded.session_id,
         written = json_patch(prospect_fields.written, excluded.written), written_at_ms = excluded.written_at_ms`,
      prospectId,
      sessionId,
      JSON.stringify(values),
      nowMs,
    );
  }

  /** Something else may stand in these fields by now: whatever belongs there is to be written again. */
  doubt(prospectId: number, sessionId: string, fields: readonly string[], nowMs: number): void {
    this.#db.run(
      `INSERT INTO prospect_fields (prospect_id, session_id, written, written_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (prospect_id) DO UPDATE SET written = json_patch(prospect_fields.written, excluded.written)`,
      prospectId,
      sessionId,
      JSON.stringify(Object.fromEntries(fields.map((field) => [field, false]))),
      nowMs,
    );
  }

  /** What we last wrote to a prospect; empty when nothing. */
  writtenTo(prospectId: number): WrittenFields {
    const row = this.#db.get<{ written: string }>(
      'SELECT written FROM prospect_fields WHERE prospect_id = ?',
      prospectId,
    );
    return row ? JSON.parse(row.written) : {};
  }
}
