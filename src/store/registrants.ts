import { emailKey, type FieldValue, type Registrant } from '../domain.ts';
import type { Database } from './database.ts';

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
  /** When a complete reading no longer had the person; null for somebody who is in the session. */
  readonly goneAtMs: number | null;
}

/** What one reading says of a person. */
export type RegistrantReading = Omit<KnownRegistrant, 'sessionId' | 'emailKey' | 'goneAtMs'>;

interface RegistrantRow
  extends Omit<KnownRegistrant, 'isGuestSpeaker' | 'isAnonymous' | 'attended' | 'fields'> {
  fields: string;
  isGuestSpeaker: number;
  isAnonymous: number;
  attended: number;
}

export class Registrants {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores one reading of a person; `replayKind` applies only when a view is seen for the first time. */
  observe(sessionId: string, reading: RegistrantReading, nowMs: number): void {
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

  ofSession(sessionId: string): KnownRegistrant[] {
    return this.#select('WHERE session_id = ? ORDER BY email_key', sessionId);
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
    return this.#db.all<RegistrantRow>(`SELECT * FROM registrant ${where}`, ...params).map((row) => ({
      ...row,
      isGuestSpeaker: row.isGuestSpeaker === 1,
      isAnonymous: row.isAnonymous === 1,
      fields: JSON.parse(row.fields),
      attended: row.attended === 1,
    }));
  }
}
