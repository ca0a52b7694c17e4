import type { WrittenFields } from './attendance.ts';
import type { Database } from './database.ts';
import { type Effect, readEffects } from './effects.ts';
import { type KnownRegistrant, readRegistrants } from './registrants.ts';
import { type Registration, readRegistrations } from './registrations.ts';
import type { SessionProspect } from './session-prospects.ts';
import { type KnownSubmission, readSubmissions } from './submissions.ts';

/** A submission, with when it was decided. */
export type DatedSubmission = KnownSubmission & { readonly decidedAtMs: number | null };
/** A row of a people list, with when it was first and last read. */
export type DatedRegistrant = KnownRegistrant & {
  readonly firstSeenAtMs: number;
  readonly seenAtMs: number;
};

export interface WrittenToProspect {
  readonly prospectId: number;
  readonly sessionId: string;
  readonly written: WrittenFields;
  readonly writtenAtMs: number;
}

/** Everything the state has about one address. */
export interface PersonHistory {
  readonly emailKey: string;
  readonly submissions: readonly DatedSubmission[];
  readonly registrations: readonly Registration[];
  readonly registrants: readonly DatedRegistrant[];
  readonly prospects: readonly SessionProspect[];
  readonly effects: readonly Effect[];
  readonly written: readonly WrittenToProspect[];
}

/** What is known of one person, each list in the order in which it happened. */
export function personHistory(db: Database, emailKey: string): PersonHistory {
  const submissions = readSubmissions(
    db,
    'WHERE email_key(email) = ? ORDER BY created_at_ms, activity_id',
    emailKey,
  ) as DatedSubmission[];
  const prospects = db.all<SessionProspect>(
    'SELECT * FROM session_prospect WHERE email_key = ? ORDER BY known_at_ms, session_id',
    emailKey,
  );
  const ids = new Set([...submissions, ...prospects].flatMap(({ prospectId }) => prospectId ?? []));
  return {
    emailKey,
    submissions,
    prospects,
    registrations: readRegistrations(
      db,
      'WHERE email_key = ? ORDER BY requested_at_ms, session_id',
      emailKey,
    ),
    registrants: readRegistrants(
      db,
      'WHERE email_key = ? ORDER BY registered_at_ms, session_id',
      emailKey,
    ) as DatedRegistrant[],
    effects: readEffects(db, 'WHERE email_key = ? ORDER BY id', emailKey),
    written: db
      .all<Omit<WrittenToProspect, 'written'> & { written: string }>(
        `SELECT prospect_id, session_id, written, written_at_ms FROM prospect_fields
         WHERE prospect_id IN (SELECT value FROM json_each(?)) ORDER BY prospect_id`,
        JSON.stringify([...ids]),
      )
      .map((row) => ({ ...row, written: withoutDoubtful(JSON.parse(row.written)) }))
      .filter(({ written }) => Object.keys(written).length > 0),
  };
}

function withoutDoubtful(written: WrittenFields): WrittenFields {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== false));
}

/** Every address that submitted or is in a people list, by its key. */
export function knownAddresses(db: Database): string[] {
  return db
    .all<{ email: string }>(
      `SELECT DISTINCT email_key(email) AS email FROM submission WHERE email IS NOT NULL
       UNION SELECT email_key FROM registrant WHERE is_anonymous = 0 ORDER BY email`,
    )
    .map(({ email }) => email);
}
