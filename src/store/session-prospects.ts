import type { Database } from './database.ts';

/** Where a prospect came from: the submission that was registered, found by e-mail, or created by us. */
export type ProspectOrigin = 'submission' | 'found' | 'created';

/** Who somebody in a session is in Pardot. */
export interface SessionProspect {
  readonly sessionId: string;
  readonly emailKey: string;
  /** As it was first seen. */
  readonly email: string;
  readonly prospectId: number;
  readonly origin: ProspectOrigin;
  readonly knownAtMs: number;
}

export class SessionProspects {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The first answer stays: later changes of the prospect do not rewrite history. */
  know(person: Omit<SessionProspect, 'knownAtMs'>, nowMs: number): void {
    this.#db.run(
      `INSERT INTO session_prospect (session_id, email_key, email, prospect_id, origin, known_at_ms)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      person.sessionId,
      person.emailKey,
      person.email,
      person.prospectId,
      person.origin,
      nowMs,
    );
  }

  get(sessionId: string, emailKey: string): SessionProspect | undefined {
    return this.#db.get<SessionProspect>(
      'SELECT * FROM session_prospect WHERE session_id = ? AND email_key = ?',
      sessionId,
      emailKey,
    );
  }

  /** The prospect that was last created for an address, which queries may not show yet. */
  createdFor(emailKey: string): SessionProspect | undefined {
    return this.#db.get<SessionProspect>(
      `SELECT * FROM session_prospect WHERE email_key = ? AND origin = 'created' ORDER BY known_at_ms DESC LIMIT 1`,
      emailKey,
    );
  }

  ofSession(sessionId: string): SessionProspect[] {
    return this.#db.all<SessionProspect>(
      'SELECT * FROM session_prospect WHERE session_id = ? ORDER BY email_key',
      sessionId,
    );
  }
}
