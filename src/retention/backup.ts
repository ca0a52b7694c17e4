import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StateError } from '../errors.ts';
import { openBackupReadOnly, type Store } from '../store/store.ts';
import { backupsIn, PART, SUFFIXES } from './backup-folder.ts';

/**
 * Copies the state into a new file, consistent in itself, while the daemon works on. Only this user may read it. It
 * has its name only after it was read back in full and found sound. Throws `StateError`. Returns its size in bytes.
 */
export function makeBackup(store: Store, file: string): number {
  if (existsSync(file)) throw new StateError(`${file} is there already`, { hint: 'name another file' });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const part = file + PART;
  rmSync(part, { force: true });
  try {
    writeFileSync(part, '', { mode: 0o600, flag: 'wx' });
    store.keeping.copyTo(part);
    checkBackup(part);
    flush(part);
    renameSync(part, file);
    flush(dirname(file));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return statSync(file).size;
}

function checkBackup(file: string): void {
  using copy = openBackupReadOnly(file);
  copy.keeping.check();
}

/** Removes all but the newest; returns what was removed. */
export function keepNewest(stateDir: string, count: number): string[] {
  const surplus = backupsIn(stateDir).slice(0, -count);
  for (const file of surplus) for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true });
  return surplus;
}

/** On disk, whatever happens next. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
