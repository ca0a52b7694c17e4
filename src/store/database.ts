import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { emailKey } from '../domain.ts';
import { AlreadyRunningError, StateBusyError, StateError } from '../errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * The one place that opens SQLite. `synchronous=FULL` is set on every connection: with WAL the library's default
 * loses acknowledged commits in a power cut (reliability.md, traps 1 and 2).
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

  /**
   * Opens beside a running daemon, for writing. Never migrates: an older daemon would go on with a schema that it does
   * not know. Throws `StateError` when there is no state yet, or one of another version.
   */
  static openBeside(file: string): Database {
    if (!existsSync(file)) throw missing(file);
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
    if (!existsSync(file)) throw missing(file);
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
    const prepared = this.#told(() => {
      const statement = this.#sqlite.prepare(sql.replaceAll(COMPARED, '$1+$2'));
      // Values alone: rows as objects under the names of SQL would have to be copied to change their names.
      const columns = statement.reader ? statement.raw().columns() : [];
      return { statement, columns: columns.map(({ name }) => camel(name)) };
    });
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

interface Prepared {
  readonly statement: Sqlite.Statement;
  /** Names of what it answers with, in camelCase. */
  readonly columns: readonly string[];
}

/** A new file is for this user alone, whatever the umask; SQLite makes log and shared memory like it. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

function makeDurable(sqlite: Sqlite.Database): void {
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('secure_delete = ON');
  sqlite.pragma('busy_timeout = 5000');
}

function missing(file: string): StateError {
  return new StateError(`${file} does not exist`, { hint: 'start the daemon once, or check state_dir' });
}

/**
 * A parameter that is compared or limits. SQLite comes with STAT4, which plans a statement anew each time such a parameter is bound:
 * most of the time of a small query. A plus sign hides it from the planner and changes nothing else.
 */
const COMPARED = /([=<>] *|\bLIMIT )(\?|@\w+)/g;

function migrate(sqlite: Sqlite.Database, file: string): void {
  refuseNewer(sqlite, file);
  const version = sqlite.pragma('user_version', { simple: true }) as number;
  for (let next = version; next < MIGRATIONS.length; next++) {
    sqlite
      .transaction(() => {
        sqlite.exec(MIGRATIONS[next] as string);
        sqlite.pragma(`user_version = ${next + 1}`);
      })
      .immediate();
  }
}

function refuseNewer(sqlite: Sqlite.Database, file: string): void {
  const version = sqlite.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new StateError(
      `${file} was written by a newer version (schema ${version}, known ${MIGRATIONS.length})`,
      {
        hint: 'install the newer version again; nothing was changed',
      },
    );
  }
}

function refuseOlder(sqlite: Sqlite.Database, file: string): void {
  const version = sqlite.pragma('user_version', { simple: true }) as number;
  if (version < MIGRATIONS.length) {
    throw new StateError(
      `${file} is of an older version (schema ${version}, this one needs ${MIGRATIONS.length})`,
      { hint: 'restart the daemon with this version first; nothing was changed' },
    );
  }
}

/** What the admin can do about an SQLite error; anything that is not one passes through. */
function stateError(file: string, error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  const hint = {
    EACCES: 'make the state directory writable for the daemon',
    EROFS: 'the file system is read-only; make the state directory writable for the daemon',
    EEXIST: 'state_dir must be a folder',
    ENOTDIR: 'state_dir must be a folder',
    SQLITE_BUSY: 'the daemon was writing all the time; try again',
    SQLITE_FULL: 'free space on the disk; the daemon resumes where it stopped',
    ENOSPC: 'free space on the disk, and start again',
    SQLITE_IOERR:
      'the disk refuses to read or write: check its health, quotas and limits; the daemon resumes where it stopped',
    SQLITE_READONLY: 'make the state directory writable for the daemon',
    SQLITE_CANTOPEN: 'make the state directory writable for the daemon',
    SQLITE_NOTADB: 'this is no state file; move it away or restore a backup',
    SQLITE_CORRUPT: 'restore a backup',
  }[code.split('_').slice(0, 2).join('_')];
  if (!hint) return error;
  const Kind = code.startsWith('SQLITE_BUSY') ? StateBusyError : StateError;
  return new Kind(`${file}: ${(error as Error).message}`, { hint, cause: error });
}

function named(columns: readonly string[], row: readonly unknown[]): object {
  const result: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) result[column] = row[index];
  return result;
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Holds the state directory for one process: an exclusive SQLite lock on a file beside the state. The kernel
 * releases it when the process ends, however it ends, so there is no stale lock to clean up.
 */
export class InstanceLock {
  readonly #sqlite: Sqlite.Database;

  private constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
  }

  /** Throws `AlreadyRunningError` when another process holds it. */
  static take(file: string): InstanceLock {
    try {
      makePrivate(file);
      const sqlite = new Sqlite(file, { timeout: 0 });
      try {
        sqlite.exec('BEGIN EXCLUSIVE');
      } catch (error) {
        sqlite.close();
        throw error;
      }
      return new InstanceLock(sqlite);
    } catch (error) {
      if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') {
        throw new AlreadyRunningError(`another livestorm-pardot already uses ${dirname(file)}`, {
          hint: 'stop it first (systemctl stop livestorm-pardot), or give this one its own state_dir; two at once would register people twice',
          cause: error,
        });
      }
      throw stateError(file, error);
    }
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }
}
