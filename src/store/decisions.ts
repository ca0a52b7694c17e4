import type { Database } from './database.ts';

/** Something an admin decided by command. Who it was is not known. */
export interface Decision {
  readonly atMs: number;
  /** The command: `pause`, `failed retry`, ... */
  readonly action: string;
  /** A flow, a group, a hold, a plan; never an address. */
  readonly subject: string;
  /** People or effects that it was about. */
  readonly count: number;
  readonly reason: string | null;
}

/** The audit trail; to be written in the transaction of what was decided. */
export class Decisions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  record(decision: Decision): void {
    this.#db.run(
      'INSERT INTO decision (at_ms, action, subject, count, reason) VALUES (?, ?, ?, ?, ?)',
      decision.atMs,
      decision.action,
      decision.subject,
      decision.count,
      decision.reason,
    );
  }

  /** The newest first. */
  latest(limit: number): Decision[] {
    return this.#db.all(
      'SELECT at_ms, action, subject, count, reason FROM decision ORDER BY id DESC LIMIT ?',
      limit,
    );
  }
}
