import type { Database } from './database.ts';
import { MOVED_AWAY } from './moves.ts';
import { PAGE_ROWS, paged } from './pages.ts';
import { ATTENDEE, type ReplayKind } from './registrants.ts';

/** Somebody in a linked session, from whichever side, with what is known of them on both. */
export interface PersonInSession {
  readonly sessionId: string;
  readonly emailKey: string;
  readonly email: string;
  readonly registeredAtMs: number;
  /** null until the prospect is known. */
  readonly prospectId: number | null;
  /** When the session ended; null while it has not, or never took place. */
  readonly endedAtMs: number | null;
  /** Complete readings of the people after the end, and when the last one was. */
  readonly passes: number;
  readonly lastPassAtMs: number | null;
  /** When a reading last differed from the one before. */
  readonly changedAtMs: number;
  readonly attended: boolean;
  readonly durationSeconds: number;
  readonly messages: number;
  readonly questions: number;
  readonly replayKind: ReplayKind | null;
  readonly replayWatchedAtMs: number | null;
}

/** When anything last changed that the session's people could need something for; 0 when nothing ever did. */
export function peopleChangedAtMs(db: Database, sessionId: string): number {
  const row = db.get<{ at: number }>(
    `SELECT max(
       coalesce((SELECT max(seen_at_ms) FROM registrant WHERE session_id = @session), 0),
       coalesce((SELECT max(gone_at_ms) FROM registrant WHERE session_id = @session AND gone_at_ms IS NOT NULL), 0),
       coalesce((SELECT max(known_at_ms) FROM session_prospect WHERE session_id = @session), 0),
       coalesce((SELECT max(outcome_at_ms) FROM registration WHERE session_id = @session), 0),
       coalesce((SELECT max(read_at_ms) FROM attendance_pass WHERE session_id = @session), 0),
       coalesce((SELECT max(coalesce(listed_at_ms, 0), coalesce(mirrored_at_ms, 0)) FROM session_link
         WHERE session_id = @session), 0)) AS at`,
    { session: sessionId },
  );
  return row?.at ?? 0;
}

/**
 * Prospects of people who were in the session's people list and are not any more. Not those who are in a session with
 * the same list all the same: under another address, or in another session.
 */
export function unregisteredFrom(
  db: Database,
  sessionId: string,
): { emailKey: string; prospectId: number }[] {
  return db.all(
    `SELECT k.email_key, k.prospect_id FROM session_prospect k
     JOIN registrant p ON p.session_id = k.session_id AND p.email_key = k.email_key
     WHERE k.session_id = @session AND p.gone_at_ms IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM session_prospect other
       JOIN session_link theirs ON theirs.session_id = other.session_id
       JOIN session_link ours ON ours.session_id = @session AND ours.list_id = theirs.list_id
       LEFT JOIN registrant r ON r.session_id = other.session_id AND r.email_key = other.email_key
       WHERE other.prospect_id = k.prospect_id AND r.gone_at_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM registration m WHERE m.session_id = other.session_id
           AND m.email_key = other.email_key AND m.outcome = 'moved'))
     ORDER BY k.email_key`,
    { session: sessionId },
  );
}

/** In the people list. */
const LISTED = `
  SELECT p.session_id, p.email_key, p.email, p.registered_at_ms, k.prospect_id,
    CASE WHEN s.status = 'past' THEN coalesce(s.ended_at_ms, s.updated_at_ms)
      WHEN s.status = 'on_demand' THEN s.ended_at_ms END AS ended_at_ms,
    (SELECT count(*) FROM attendance_pass a WHERE a.session_id = s.id) AS passes,
    (SELECT read_at_ms FROM attendance_pass a WHERE a.session_id = s.id ORDER BY pass DESC LIMIT 1) AS last_pass_at_ms,
    p.seen_at_ms AS changed_at_ms,
    p.attended, p.duration_seconds, p.messages, p.questions, p.replay_kind, p.replay_watched_at_ms
  FROM registrant p
  JOIN session s ON s.id = p.session_id
  LEFT JOIN session_prospect k ON k.session_id = p.session_id AND k.email_key = p.email_key
  WHERE p.session_id = @session AND ${ATTENDEE}
    AND p.gone_at_ms IS NULL AND NOT ${MOVED_AWAY}
    AND (k.prospect_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM registration r
      WHERE r.session_id = p.session_id AND r.email_key = p.email_key AND r.outcome IS NULL))
    AND p.email_key > @after ORDER BY p.email_key LIMIT ${PAGE_ROWS}`;

/** Registered by us and not read back yet. */
const UNLISTED = `
  SELECT k.session_id, k.email_key, k.email, k.known_at_ms AS registered_at_ms, k.prospect_id, NULL AS ended_at_ms,
    0 AS passes, NULL AS last_pass_at_ms, k.known_at_ms AS changed_at_ms, 0 AS attended, 0 AS duration_seconds,
    0 AS messages, 0 AS questions, NULL AS replay_kind, NULL AS replay_watched_at_ms
  FROM session_prospect k
  WHERE k.session_id = @session AND NOT EXISTS
    (SELECT 1 FROM registrant p WHERE p.session_id = k.session_id AND p.email_key = k.email_key)
    AND NOT EXISTS (SELECT 1 FROM registration m
      WHERE m.session_id = k.session_id AND m.email_key = k.email_key AND m.outcome = 'moved')
    AND k.email_key > @after ORDER BY k.email_key LIMIT ${PAGE_ROWS}`;

/**
 * The people of one session: whoever is in its people list, then whoever we registered but have not read back yet. Those
 * whose registration by us is still on its way are left out until it is known whose prospect they are, and those whom
 * an admin has moved to another session altogether.
 */
export function* peopleOf(db: Database, sessionId: string): Generator<PersonInSession> {
  for (const part of [LISTED, UNLISTED]) {
    yield* paged<PersonInSession>((last) =>
      db
        .all<Omit<PersonInSession, 'attended'> & { attended: number }>(part, {
          session: sessionId,
          after: last?.emailKey ?? '',
        })
        .map((row) => ({ ...row, attended: row.attended === 1 })),
    );
  }
}
