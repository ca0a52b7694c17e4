import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { emailKey } from '../domain.ts';
import { StateError } from '../errors.ts';
import { migrate, refuseNewer, refuseOlder } from './migrate.ts';
import { makePrivate } from './private-file.ts';
import { stateError } from './state-error.ts';
import { named, type Prepared, prepare } from './statement.ts';

/**
 * The one place that opens SQLite. `synchronous=FULL` is set on every connection: with WAL the library's default
 * loses acknowledged commits in a power cut (docs/reliability.md, Power cuts).
 */
export class Database {
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Prepared>();
  readonly #transact: Sqlite.Transaction<(work: () => unknown) => unknown>;

  private constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
    this.#transact = sqlite.transaction((work) => work());
    // Its own lower() knows no letters beyond ASCII: in SQL, too, an address has one key.
    const keyOf = (email: unknown): string | null => (typeof email === 'string' ? emailKey(email) : null);
    sqlite.function('email_key', { deterministic: true }, keyOf);
  }

  /** Opens for writing, creating file (0600) and folder (0700) when missing, and migrates. Throws `StateError`. */
  static open(file: string): Database {
    try {
      makePrivate(file);
      const sqlite = new Sqlite(file);
      makeDurable(sqlite);
      migrate(sqlite, file);
      return new Database(sqlite);
    } catch (error) {
      throw stateError(file, error);
    }
  }

  /** Throws `StateError` when there is no state yet. */
  static mustExist(file: string): void {
    if (!existsSync(file)) throw missing(file);
  }

  /**
   * Opens beside a running daemon, for writing. Never migrates: an older daemon would go on with a schema that it does
   * not know. Throws `StateError` when there is no state yet, or one of another version.
   */
  static openBeside(file: string): Database {
    Database.mustExist(file);
    try {
      const sqlite = new Sqlite(file, { fileMustExist: true });
      refuseNewer(sqlite, file);
      refuseOlder(sqlite, file);
      makeDurable(sqlite);
      return new Database(sqlite);
    } catch (error) {
      throw stateError(file, error);
    }
  }

  /** Opens beside a running daemon, read-only. Throws `StateError` when there is no state yet. */
  static openReadOnly(file: string): Database {
    Database.mustExist(file);
    const database = Database.#openReader(file);
    refuseOlder(database.#sqlite, file);
    return database;
  }

  /** A private copy in memory, as the file stands now; an empty migrated one when there is no file. */
  static openCopy(file: string): Database {
    const source = existsSync(file) ? Database.#openReader(file) : undefined;
    const sqlite = source ? new Sqlite(source.#image()) : new Sqlite(':memory:');
    source?.[Symbol.dispose]();
    sqlite.pragma('foreign_keys = ON');
    migrate(sqlite, file);
    return new Database(sqlite);
  }

  /** In memory, with the tables of this version. */
  static openEmpty(): Database {
    const sqlite = new Sqlite(':memory:');
    migrate(sqlite, 'memory');
    return new Database(sqlite);
  }

  /** Version of the schema in a file; 0 when it is no state file. Throws `StateError` when SQLite cannot read it. */
  static versionOf(file: string): number {
    using database = Database.#openReader(file);
    return database.pragma('user_version') as number;
  }

  static #openReader(file: string): Database {
    try {
      const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
      sqlite.pragma('busy_timeout = 5000');
      refuseNewer(sqlite, file);
      return new Database(sqlite);
    } catch (error) {
      throw stateError(file, error);
    }
  }

  /** Every matching row. Columns come back in camelCase. */
  all<T>(sql: string, ...params: readonly unknown[]): T[] {
    const { statement, columns } = this.#prepare(sql);
    const rows = this.#told(() => statement.all(...params)) as unknown[][];
    return rows.map((row) => named(columns, row) as T);
  }

  get<T>(sql: string, ...params: readonly unknown[]): T | undefined {
    const { statement, columns } = this.#prepare(sql);
    const row = this.#told(() => statement.get(...params)) as unknown[] | undefined;
    return row && (named(columns, row) as T);
  }

  /** Runs a write; returns how many rows changed. */
  run(sql: string, ...params: readonly unknown[]): number {
    const { statement } = this.#prepare(sql);
    return this.#told(() => statement.run(...params).changes);
  }

  /** All or nothing, durable when it returns. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work();
    return this.#told(() => this.#transact.immediate(work)) as T;
  }

  /** The schema as SQLite holds it, for the committed dump. */
  schema(): string {
    return this.all<{ sql: string }>(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
      .map(({ sql }) => `${sql};\n`)
      .join('');
  }

  pragma(name: string): unknown {
    return this.#sqlite.pragma(name, { simple: true });
  }

  /** Moves the write-ahead log into the file and empties it. False when another process is just reading from it. */
  emptyLog(): boolean {
    const [result] = this.#sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return result?.busy === 0;
  }

  /** Writes everything, as it stands now, into a new file; whoever writes meanwhile is not held up. */
  copyTo(file: string): void {
    try {
      this.#sqlite.prepare('VACUUM INTO ?').run(file);
    } catch (error) {
      throw stateError(file, error);
    }
  }

  /** Throws `StateError` when a page or an index of the file is damaged. */
  checkIntegrity(): void {
    const found = this.#sqlite.pragma('integrity_check(3)', { simple: true });
    if (found === 'ok') return;
    const options = { hint: 'use another backup, or start without one and run recover' };
    throw new StateError(`${this.#sqlite.name} is damaged: ${String(found)}`, options);
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  /** The whole state as bytes that can be opened in memory. */
  #image(): Buffer {
    const image = this.#sqlite.serialize();
    // Read and write version in the header: WAL (2) cannot be opened in memory (sqlite.org/fileformat.html §1.3.3).
    return image.fill(1, 18, 20);
  }

  /** What SQLite refuses is told as a `StateError`. */
  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw stateError(this.#sqlite.name, error);
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#told(() => prepare(this.#sqlite, sql));
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function makeDurable(sqlite: Sqlite.Database): void {
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('secure_delete = ON');
  sqlite.pragma('busy_timeout = 5000');
  // In KiB; the library's default is 16 MiB, and what is not in here is in the machine's page cache.
  sqlite.pragma('cache_size = -2000');
}

function missing(file: string): StateError {
  return new StateError(`${file} does not exist`, { hint: 'start the daemon once, or check state_dir' });
}
