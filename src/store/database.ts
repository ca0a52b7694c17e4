import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AlreadyRunningError, StateError } from '../errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * The one place that opens SQLite. `synchronous=FULL` is set on every connection: with WAL the library's default
 * loses acknowledged commits in a power cut (reliability.md, traps 1 and 2).
 */
export class Database {
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();

  private constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
  }

  /** Opens for writing, creating file and folder (0700) when missing, and migrates. Throws `StateError`. */
  static open(file: string): Database {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const sqlite = new Sqlite(file);
      sqlite.pragma('journal_mode = WAL');
      sqlite.pragma('synchronous = FULL');
      sqlite.pragma('foreign_keys = ON');
      sqlite.pragma('secure_delete = ON');
      sqlite.pragma('busy_timeout = 5000');
      migrate(sqlite, file);
      return new Database(sqlite);
    } catch (error) {
      throw stateError(file, error);
    }
  }

  /** Opens beside a running daemon, read-only. Throws `StateError` when there is no state yet. */
  static openReadOnly(file: string): Database {
    if (!existsSync(file)) {
      throw new StateError(`${file} does not exist`, { hint: 'start the daemon once, or check state_dir' });
    }
    try {
      const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
      sqlite.pragma('busy_timeout = 5000');
      refuseNewer(sqlite, file);
      return new Database(sqlite);
    } catch (error) {
      throw stateError(file, error);
    }
  }

  /** A private copy in memory, as the file stands now; an empty migrated one when there is no file. */
  static openCopy(file: string): Database {
    const source = existsSync(file) ? Database.openReadOnly(file) : undefined;
    const sqlite = source ? new Sqlite(source.#image()) : new Sqlite(':memory:');
    source?.[Symbol.dispose]();
    sqlite.pragma('foreign_keys = ON');
    migrate(sqlite, file);
    return new Database(sqlite);
  }

  /** Every matching row. Columns come back in camelCase. */
  all<T>(sql: string, ...params: readonly unknown[]): T[] {
    return this.#prepare(sql)
      .all(...params)
      .map((row) => camelKeys(row as object) as T);
  }

  get<T>(sql: string, ...params: readonly unknown[]): T | undefined {
    const row = this.#prepare(sql).get(...params);
    return row === undefined ? undefined : (camelKeys(row as object) as T);
  }

  /** Runs a write; returns how many rows changed. */
  run(sql: string, ...params: readonly unknown[]): number {
    try {
      return this.#prepare(sql).run(...params).changes;
    } catch (error) {
      throw stateError(this.#sqlite.name, error);
    }
  }

  /** All or nothing, durable when it returns. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return work();
    try {
      return this.#sqlite.transaction(work).immediate();
    } catch (error) {
      throw stateError(this.#sqlite.name, error);
    }
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

  #prepare(sql: string): Sqlite.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

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

/** What the admin can do about an SQLite error; anything that is not one passes through. */
function stateError(file: string, error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  const hint = {
    EACCES: 'make the state directory writable for the daemon',
    EROFS: 'the file system is read-only; make the state directory writable for the daemon',
    EEXIST: 'state_dir must be a folder',
    ENOTDIR: 'state_dir must be a folder',
    SQLITE_FULL: 'free space on the disk; the daemon resumes where it stopped',
    SQLITE_READONLY: 'make the state directory writable for the daemon',
    SQLITE_CANTOPEN: 'make the state directory writable for the daemon',
    SQLITE_NOTADB: 'this is no state file; move it away or restore a backup',
    SQLITE_CORRUPT: 'restore a backup',
  }[code.split('_').slice(0, 2).join('_')];
  if (!hint) return error;
  return new StateError(`${file}: ${(error as Error).message}`, { hint, cause: error });
}

function camelKeys(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [camel(key), value]));
}

const camelNames = new Map<string, string>();

function camel(name: string): string {
  let result = camelNames.get(name);
  if (!result) {
    result = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    camelNames.set(name, result);
  }
  return result;
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
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
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
