import { emailKey, type FieldValue, type Registrant } from '../domain.ts';
import type { Database } from './database.ts';
import { Forgotten } from './forgotten.ts';

/** Of a registrant `p`: neither of the team, nor speaking, nor without an address. */
export const ATTENDEE = "p.role = 'participant' AND p.is_guest_speaker = 0 AND p.is_anonymous = 0";

export type ReplayKind = 'replay' | 'on_demand';

/** A person in a session's people list, as last read. */
export interface KnownRegistrant {
  readonly sessionId: string;
  readonly emailKey: string;
  readonly personId: string;
  readonly email: string;
  readonly role: Registrant['role'];
  readonly isGuestSpeaker: boolean;
  readonly isAnonymous: boolean;
  readonly registeredAtMs: number;
  /** What the person filled in, by Livestorm field id; first and last name among them. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly attended: boolean;
  readonly durationSeconds: number;
  readonly attendanceRate: number | null;
  readonly messages: number;
  readonly questions: number;
  readonly contradictions: number;
  /** What the view was when it was first seen; the event may turn on-demand later. */
  readonly replayKind: ReplayKind | null;
  readonly replayWatchedAtMs: number | null;
  /** When a reading last told something new. */
  readonly seenAtMs: number;
  /** When a complete reading no longer had the person; null for somebody who is in the session. */
  readonly goneAtMs: number | null;
}

/** What one reading says of a person. */
export type RegistrantReading = Omit<KnownRegistrant, 'sessionId' | 'emailKey' | 'seenAtMs' | 'goneAtMs'>;

interface RegistrantRow
  extends Omit<KnownRegistrant, 'isGuestSpeaker' | 'isAnonymous' | 'attended' | 'fields'> {
  fields: string;
  isGuestSpeaker: number;
  isAnonymous: number;
  attended: number;
}

export class Registrants {
  readonly #db: Database;
  readonly #forgotten: Forgotten;

  constructor(db: Database) {
    this.#db = db;
    this.#forgotten = new Forgotten(db);
  }

  /**
   * Whether this is somebody of before they asked to be forgotten. Whoever submitted again since is known: they are
   * registered in this session once more.
   */
  isForgotten(
    sessionId: string,
    person: { readonly email: string; readonly registeredAtMs: number },
  ): boolean {
    if (!this.#forgotten.covers(person.email, person.registeredAtMs)) return false;
    const again = 'SELECT 1 FROM registration WHERE session_id = ? AND email_key = ?';
    return this.#db.get(again, sessionId, emailKey(person.email)) === undefined;
  }

  /**
   * Stores one reading of a person; `replayKind` applies only when a view is seen for the first time. Nobody is stored
   * who was forgotten.
   */
  observe(sessionId: string, reading: RegistrantReading, nowMs: number): void {
    if (this.isForgotten(sessionId, reading)) return;
    this.#db.run(
      `INSERT INTO registrant (session_id, email_key, person_id, email, role, is_guest_speaker, is_anonymous,
         registered_at_ms, fields, attended, duration_seconds, attendance_rate, messages, questions, contradictions,
         replay_kind, replay_watched_at_ms, first_seen_at_ms, seen_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (session_id, email_key) DO UPDATE SET person_id = excluded.person_id, email = excluded.email,
         role = excluded.role, is_guest_speaker = excluded.is_guest_speaker, is_anonymous = excluded.is_anonymous,
         registered_at_ms = excluded.registered_at_ms, fields = excluded.fields, attended = excluded.attended,
         duration_seconds = excluded.duration_seconds, attendance_rate = excluded.attendance_rate,
         messages = excluded.messages, questions = excluded.questions, contradictions = excluded.contradictions,
         replay_kind = excluded.replay_kind, replay_watched_at_ms = excluded.replay_watched_at_ms,
         seen_at_ms = excluded.seen_at_ms, gone_at_ms = NULL`,
      sessionId,
      emailKey(reading.email),
      reading.personId,
      reading.email,
      reading.role,
      Number(reading.isGuestSpeaker),
      Number(reading.isAnonymous),
      reading.registeredAtMs,
      JSON.stringify(reading.fields),
      Number(reading.attended),
      reading.durationSeconds,
      reading.attendanceRate,
      reading.messages,
      reading.questions,
      reading.contradictions,
      reading.replayKind,
      reading.replayWatchedAtMs,
      nowMs,
      nowMs,
    );
  }

  /** A complete reading no longer had them. */
  observeGone(sessionId: string, emailKeys: readonly string[], nowMs: number): void {
    for (const key of emailKeys) {
      this.#db.run(
        'UPDATE registrant SET gone_at_ms = ? WHERE session_id = ? AND email_key = ? AND gone_at_ms IS NULL',
        nowMs,
        sessionId,
        key,
      );
    }
  }

  /** Who is in the session as last read. */
  presentKeys(sessionId: string): string[] {
    return this.#db
      .all<{ emailKey: string }>(
        'SELECT email_key FROM registrant WHERE session_id = ? AND gone_at_ms IS NULL ORDER BY email_key',
        sessionId,
      )
      .map(({ emailKey }) => emailKey);
  }

  ofSession(sessionId: string): KnownRegistrant[] {
    return this.#select('WHERE session_id = ? ORDER BY email_key', sessionId);
  }

  /** How many are in the session as last read, and when the newest of all ever seen registered; 0 for nobody. */
  summary(sessionId: string): { present: number; newestMs: number } {
    const row = this.#db.get<{ present: number; newestMs: number }>(
      `SELECT coalesce(sum(gone_at_ms IS NULL), 0) AS present, coalesce(max(registered_at_ms), 0) AS newest_ms
       FROM registrant WHERE session_id = ?`,
      sessionId,
    );
    return row ?? { present: 0, newestMs: 0 };
  }

  /** Who was in the session by then and in no reading yet: how many we have registered, and how many were there already. */
  unread(sessionId: string, untilMs: number): { own: number; others: number } {
    const row = this.#db.get<{ own: number; others: number }>(
      `SELECT count(*) FILTER (WHERE r.outcome <> 'already_registered') AS own,
         count(*) FILTER (WHERE r.outcome = 'already_registered') AS others
       FROM registration r
       WHERE r.session_id = ? AND r.outcome IN ('registered', 'already_registered', 'field_unknown')
         AND r.outcome_at_ms <= ? AND NOT EXISTS
         (SELECT 1 FROM registrant p
          WHERE p.session_id = r.session_id AND (p.email_key = r.email_key OR p.person_id = r.person_id))`,
      sessionId,
      untilMs,
    );
    return row ?? { own: 0, others: 0 };
  }

  /** Who was in the session when we registered them, by then, and has been in no reading; the id is empty if unknown. */
  neverRead(
    sessionId: string,
    untilMs: number,
  ): { email: string; personId: string; registeredAtMs: number }[] {
    return this.#db.all(
      `SELECT email, coalesce(person_id, '') AS person_id, outcome_at_ms AS registered_at_ms FROM registration r
       WHERE session_id = ? AND outcome IN ('registered', 'already_registered', 'field_unknown')
         AND outcome_at_ms <= ? AND NOT EXISTS
         (SELECT 1 FROM registrant p WHERE p.session_id = r.session_id AND p.email_key = r.email_key)
       ORDER BY email_key`,
      sessionId,
      untilMs,
    );
  }

  get(sessionId: string, emailKey: string): KnownRegistrant | undefined {
    return this.#select('WHERE session_id = ? AND email_key = ?', sessionId, emailKey)[0];
  }

  /** Whether this address was seen as a Livestorm team member anywhere. */
  isTeamMember(key: string): boolean {
    return (
      this.#db.get("SELECT 1 FROM registrant WHERE email_key = ? AND role = 'team_member' LIMIT 1", key) !==
      undefined
    );
  }

  #select(where: string, ...params: unknown[]): KnownRegistrant[] {
    return readRegistrants(this.#db, where, ...params);
  }
}

/** For the files of this folder. */
export function readRegistrants(db: Database, where: string, ...params: unknown[]): KnownRegistrant[] {
  return db.all<RegistrantRow>(`SELECT * FROM registrant ${where}`, ...params).map((row) => ({
    ...row,
    isGuestSpeaker: row.isGuestSpeaker === 1,
    isAnonymous: row.isAnonymous === 1,
    fields: JSON.parse(row.fields),
    attended: row.attended === 1,
  }));
}
