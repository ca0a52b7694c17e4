import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AlreadyRunningError } from '../errors.ts';
import { makePrivate } from './private-file.ts';
import { stateError } from './state-error.ts';

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
