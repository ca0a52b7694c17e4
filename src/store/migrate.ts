import type Sqlite from 'better-sqlite3';
import { StateError } from '../errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** Brings the schema to this version, each step in a transaction. Throws `StateError` for a newer one. */
export function migrate(sqlite: Sqlite.Database, file: string): void {
  refuseNewer(sqlite, file);
  for (let next = versionOf(sqlite); next < MIGRATIONS.length; next++) {
    sqlite
      .transaction(() => {
        sqlite.exec(MIGRATIONS[next] as string);
        sqlite.pragma(`user_version = ${next + 1}`);
      })
      .immediate();
  }
}

/** Throws `StateError` when the file was written by a newer version. */
export function refuseNewer(sqlite: Sqlite.Database, file: string): void {
  const version = versionOf(sqlite);
  if (version > MIGRATIONS.length) {
    throw new StateError(
      `${file} was written by a newer version (schema ${version}, known ${MIGRATIONS.length})`,
      { hint: 'install the newer version again; nothing was changed' },
    );
  }
}

/** Throws `StateError` when the file has not been migrated to this version. */
export function refuseOlder(sqlite: Sqlite.Database, file: string): void {
  const version = versionOf(sqlite);
  if (version < MIGRATIONS.length) {
    throw new StateError(
      `${file} is of an older version (schema ${version}, this one needs ${MIGRATIONS.length})`,
      { hint: 'restart the daemon with this version first; nothing was changed' },
    );
  }
}

function versionOf(sqlite: Sqlite.Database): number {
  return sqlite.pragma('user_version', { simple: true }) as number;
}
