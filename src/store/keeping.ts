import { emailKey } from '../domain.ts';
import { StateError } from '../errors.ts';
import { Database } from './database.ts';
import type { EffectKind } from './effect.ts';
import {
  type Erasure,
  eraseForgottenBy,
  erasePerson,
  replaceMentions,
  tablesWith,
  workUnderWay,
} from './erasure.ts';
import { Forgotten } from './forgotten.ts';
import { likePattern } from './mentions.ts';
import { discardRequestsBefore, holdRequests, markRecovered } from './recovery.ts';

/** What is kept of people, and of the file itself. */
export class Keeping {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Kinds of requests about the person that may be on their way at this moment. */
  workUnderWay(key: string, nowMs: number): EffectKind[] {
    return workUnderWay(this.#db, key, nowMs);
  }

  /** Erases one address from every table and remembers, as a keyed hash, that it was. */
  erase(key: string, nowMs: number): Erasure {
    return erasePerson(this.#db, key, nowMs);
  }

  /** Takes the address out of texts of others; returns how many there were. */
  replaceMentions(key: string): number {
    return replaceMentions(this.#db, key);
  }

  /** When the address was forgotten last; undefined when never. */
  forgottenAtMs(email: string): number | undefined {
    return new Forgotten(this.#db).forgottenAtMs(email);
  }

  /** Addresses of others in which this one is contained: `joana@example.com` for `ana@example.com`. */
  longerAddresses(key: string): string[] {
    const selects = tablesWith(this.#db, 'email').map(
      (table) => `SELECT email FROM "${table}" WHERE email LIKE @pattern`,
    );
    const rows = this.#db.all<{ email: string }>(selects.join(' UNION '), { pattern: likePattern(key) });
    return [...new Set(rows.map(({ email }) => emailKey(email)))].filter((other) => other !== key);
  }

  /** Rows about the person in tables that are not among those named, as they are. */
  otherRows(key: string, except: readonly string[]): Readonly<Record<string, readonly object[]>> {
    const tables = tablesWith(this.#db, 'email_key').filter((table) => !except.includes(table));
    const found = tables.map((table) => {
      const rows = this.#db.all<object>(`SELECT * FROM "${table}" WHERE email_key = ?`, key);
      return [table, rows] as const;
    });
    return Object.fromEntries(found.filter(([, rows]) => rows.length > 0));
  }

  /** The state is older than what the vendors have: from now on they are asked before anything is repeated. */
  markRecovered(nowMs: number): void {
    markRecovered(this.#db, nowMs);
  }

  /** Whoever this newer state has forgotten is forgotten here, too. Returns how many of them were found. */
  eraseForgottenBy(newer: Keeping): number {
    return this.#db.transaction(() => eraseForgottenBy(this.#db, new Forgotten(newer.#db)));
  }

  /** Whoever was to be registered and is in no people list waits for an admin. Returns how many they are. */
  holdRequests(nowMs: number): number {
    return holdRequests(this.#db, nowMs);
  }

  /** Nobody is registered anew who submitted before the state was lost. Returns how many they were. */
  discardRequestsBefore(lostAtMs: number, nowMs: number): number {
    return discardRequestsBefore(this.#db, lostAtMs, nowMs);
  }

  /** False when the write-ahead log could not be emptied, because another process is just reading from it. */
  emptyLog(): boolean {
    return this.#db.emptyLog();
  }

  /** Throws `StateError` when the file is damaged or has not the tables of this version. Reads every page. */
  check(): void {
    this.#db.checkIntegrity();
    const lines = (text: string): string => text.split('\n').toSorted().join('\n');
    using pattern = Database.openEmpty();
    if (lines(this.#db.schema()) === lines(pattern.schema())) return;
    throw new StateError('the file has not the tables of this version', { hint: 'use another backup' });
  }

  /** Writes everything, as it stands now, into a file that is missing or empty. */
  copyTo(file: string): void {
    this.#db.copyTo(file);
  }
}
