import { resolve } from 'node:path';
import { systemClock } from '../../clock.ts';
import { loadStateDir } from '../../config/load.ts';
import { UsageError } from '../../errors.ts';
import { keepNewest, makeBackup } from '../../retention/backup.ts';
import { backupFile } from '../../retention/backup-folder.ts';
import { openStoreReadOnly } from '../../store/store.ts';
import { tell } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export interface BackupOptions {
  readonly config: string;
  readonly json: boolean;
  /** Where to; a new file in the folder of backups when absent. */
  readonly to: string | undefined;
  /** How many backups stay in the folder; all when absent. */
  readonly keep: string | undefined;
}

/** `backup`: copies the state beside the running daemon, and reads the copy back. Returns 0. Needs no secrets. */
export async function backupCommand(options: BackupOptions, terminal: Terminal): Promise<number> {
  const keep = readKeep(options.keep);
  const stateDir = await loadStateDir(options.config, terminal.env);
  const nowMs = (terminal.clock ?? systemClock).now();
  const file = options.to === undefined ? backupFile(stateDir, nowMs, 'backup') : resolve(options.to);
  using store = openStoreReadOnly(stateDir);
  const bytes = makeBackup(store, file);
  const removed = keep === undefined ? [] : keepNewest(stateDir, keep);
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const text = [
    `${file}: ${size}, read back and sound\n`,
    ...removed.map((old) => `${old}: removed\n`),
    options.to === undefined ? '' : 'It is not in the folder of backups: forget does not reach it there.\n',
  ];
  tell(options, terminal, { file, bytes, verified: true, removed }, text.join(''));
  return EXIT.ok;
}

function readKeep(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError('--keep takes a whole number of at least 1');
}
