import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^state-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(?:-replaced)?\.db$/;

export function backupFolder(stateDir: string): string {
  return join(stateDir, 'backups');
}

/** `replaced`: the state that a restore has put aside. */
export function backupFile(stateDir: string, nowMs: number, kind: 'backup' | 'replaced'): string {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
  return join(backupFolder(stateDir), `state-${stamp}Z${kind === 'replaced' ? '-replaced' : ''}.db`);
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
