import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stateFile } from '../store/store.ts';

/** What SQLite keeps beside a file while it is open. */
export const SUFFIXES = ['', '-wal', '-shm'];

const NAME = /^state-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(?:-replaced)?\.db$/;

export function backupFolder(stateDir: string): string {
  return join(stateDir, 'backups');
}

/** `replaced`: the state that a restore has put aside. */
export function backupFile(stateDir: string, nowMs: number, kind: 'backup' | 'replaced'): string {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
  return join(backupFolder(stateDir), `state-${stamp}Z${kind === 'replaced' ? '-replaced' : ''}.db`);
}

/** Of a backup while it is being made. */
export const PART = '.part';

/** Of a backup while it is being put back. */
export function restoringFile(stateDir: string): string {
  return `${stateFile(stateDir)}.restoring`;
}

/** What a backup or, unless one may be at work, a restore has left half done: copies that nobody needs. */
export function leftoversIn(stateDir: string, mayRestore: boolean): string[] {
  const folder = backupFolder(stateDir);
  const parts = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes(`.db${PART}`)) : [];
  const restoring = mayRestore ? [] : SUFFIXES.map((suffix) => restoringFile(stateDir) + suffix);
  return [...parts.map((name) => join(folder, name)), ...restoring.filter((file) => existsSync(file))];
}

/** What this program has put there, oldest first. Files of others are none of its business. */
export function backupsIn(stateDir: string): string[] {
  const folder = backupFolder(stateDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
