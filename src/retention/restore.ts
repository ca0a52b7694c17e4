import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, StateError } from '../errors.ts';
import { Database } from '../store/database.ts';
import { InstanceLock } from '../store/instance-lock.ts';
import { lockFile, openBackup, openBackupReadOnly, stateFile } from '../store/store.ts';
import { flush, makeBackup } from './backup.ts';
import { backupFile, restoringFile, SUFFIXES } from './backup-folder.ts';

export interface Restored {
  /** Where the state is now that was replaced; null when there was none. */
  readonly replaced: string | null;
  /** Whether what was replaced could be read; else its files were put aside as they were. */
  readonly wasReadable: boolean;
  /** People of the backup who were forgotten after it was made: erased in what is the state now. */
  readonly forgotten: number;
}

/**
 * Puts a backup in the place of the state. The backup stays as it is. Everything is checked before anything is
 * replaced. Throws `AlreadyRunningError` while a daemon holds the state, `StateError` when the file is no sound backup.
 */
export function restoreBackup(file: string, stateDir: string, nowMs: number): Restored {
  using _lock = InstanceLock.take(lockFile(stateDir));
  const state = stateFile(stateDir);
  const next = restoringFile(stateDir);
  try {
    prepare(file, next, nowMs);
    const { replaced, wasReadable } = putAside(state, backupFile(stateDir, nowMs, 'replaced'));
    const forgotten = replaced !== null && wasReadable ? forgetAgain(next, replaced) : 0;
    flush(next);
    for (const suffix of ['-wal', '-shm']) rmSync(state + suffix, { force: true });
    // At no moment is there no state: a connector that starts on none begins anew.
    renameSync(next, state);
    flush(dirname(state));
    return { replaced, wasReadable, forgotten };
  } finally {
    for (const suffix of SUFFIXES) rmSync(next + suffix, { force: true });
  }
}

/** A copy that is of this version, sound, and knows that it is behind the vendors. */
function prepare(file: string, next: string, nowMs: number): void {
  if (!existsSync(file)) throw new StateError(`${file} does not exist`, { hint: 'name a backup' });
  if (Database.versionOf(file) === 0) throw noState(file);
  for (const suffix of SUFFIXES) rmSync(next + suffix, { force: true });
  copyAll(file, next, ['', '-wal']);
  try {
    using store = openBackup(next);
    store.keeping.check();
    store.keeping.markRecovered(nowMs);
    store.keeping.emptyLog();
  } catch (error) {
    throw error instanceof AppError ? error : noState(file, error);
  }
}

/** A backup from elsewhere knows nothing of who was forgotten since. */
function forgetAgain(next: string, replaced: string): number {
  using newer = openBackupReadOnly(replaced);
  using store = openBackup(next);
  const forgotten = store.keeping.eraseForgottenBy(newer.keeping);
  store.keeping.emptyLog();
  return forgotten;
}

/** Those that exist, for this user alone. */
function copyAll(from: string, to: string, suffixes: readonly string[]): void {
  for (const suffix of suffixes) {
    if (!existsSync(from + suffix)) continue;
    copyFileSync(from + suffix, to + suffix);
    chmodSync(to + suffix, 0o600);
  }
}

function noState(file: string, cause?: unknown): StateError {
  return new StateError(`${file} is no state file of this program`, { hint: 'name a backup', cause });
}

/** As a backup beside the others, so that `forget` and `--keep` reach it, too. */
function putAside(state: string, aside: string): Omit<Restored, 'forgotten'> {
  if (!existsSync(state)) return { replaced: null, wasReadable: true };
  try {
    using store = openBackup(state);
    makeBackup(store, aside);
    store.keeping.emptyLog();
    return { replaced: aside, wasReadable: true };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    mkdirSync(dirname(aside), { recursive: true, mode: 0o700 });
    copyAll(state, aside, SUFFIXES);
    return { replaced: aside, wasReadable: false };
  }
}
