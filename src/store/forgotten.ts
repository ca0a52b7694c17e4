import { createHmac } from 'node:crypto';
import { emailKey } from '../domain.ts';
import type { Database } from './database.ts';
import { Meta } from './meta.ts';

/**
 * Who asked to be forgotten, and when. Only a keyed hash of the address is kept: enough to recognise what was before
 * when it is read once more, while whatever the person does afterwards counts as new.
 */
export class Forgotten {
  readonly #db: Database;
  #key: string | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  remember(key: string, nowMs: number): void {
    this.#key = new Meta(this.#db).personKey();
    this.#db.run(
      `INSERT INTO forgotten (person, forgotten_at_ms) VALUES (?, ?)
       ON CONFLICT (person) DO UPDATE SET forgotten_at_ms = excluded.forgotten_at_ms`,
      this.#hash(key, this.#key),
      nowMs,
    );
  }

  /** When the address was forgotten last; undefined when never. Also for a state that is only read. */
  forgottenAtMs(email: string): number | undefined {
    this.#key ??= new Meta(this.#db).knownPersonKey();
    if (this.#key === undefined) return undefined;
    return this.#db.get<{ forgottenAtMs: number }>(
      'SELECT forgotten_at_ms FROM forgotten WHERE person = ?',
      this.#hash(emailKey(email), this.#key),
    )?.forgottenAtMs;
  }

  /** Whether something that happened then is among what was to be forgotten. */
  covers(email: string, happenedAtMs: number): boolean {
    return happenedAtMs <= (this.forgottenAtMs(email) ?? Number.NEGATIVE_INFINITY);
  }

  /**
   * Takes over whom another state of this installation has forgotten, with its key where that says nothing of those
   * known here. Hashes under two keys cannot stand side by side: then nobody is taken over.
   */
  takeFrom(other: Forgotten): void {
    const key = new Meta(other.#db).knownPersonKey();
    if (key === undefined) return;
    const isEmpty = this.#db.get('SELECT 1 FROM forgotten LIMIT 1') === undefined;
    if (isEmpty) new Meta(this.#db).takePersonKey(key);
    else if (new Meta(this.#db).knownPersonKey() !== key) return;
    this.#key = key;
    const rows = other.#db.all<{ person: string; forgottenAtMs: number }>('SELECT * FROM forgotten');
    for (const { person, forgottenAtMs } of rows) {
      this.#db.run(
        `INSERT INTO forgotten (person, forgotten_at_ms) VALUES (?, ?) ON CONFLICT (person)
         DO UPDATE SET forgotten_at_ms = max(forgotten_at_ms, excluded.forgotten_at_ms)`,
        person,
        forgottenAtMs,
      );
    }
  }

  #hash(key: string, secret: string): string {
    return createHmac('sha256', secret).update(`forgotten ${key}`).digest('hex');
  }
}
