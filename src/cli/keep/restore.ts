import { systemClock } from '../../clock.ts';
import { loadStateDir } from '../../config/load.ts';
import { type Restored, restoreBackup } from '../../retention/restore.ts';
import { people, tell } from '../beside.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export interface RestoreOptions {
  readonly config: string;
  readonly file: string;
  readonly json: boolean;
}

/** `restore`: puts a backup in the place of the state. Returns 0. Needs no secrets; refuses while the daemon runs. */
export async function restoreCommand(options: RestoreOptions, terminal: Terminal): Promise<number> {
  const stateDir = await loadStateDir(options.config, terminal.env);
  const restored = restoreBackup(options.file, stateDir, (terminal.clock ?? systemClock).now());
  const { replaced, wasReadable, forgotten } = restored;
  const view = {
    restored: options.file,
    state_dir: stateDir,
    replaced,
    replaced_was_readable: wasReadable,
    forgotten_again: forgotten,
  };
  tell(options, terminal, view, render(options.file, restored));
  return EXIT.ok;
}

function render(file: string, { replaced, wasReadable, forgotten }: Restored): string {
  return [
    `${file} is the state now.\n`,
    replaced === null ? '' : `What it replaced is kept: ${replaced}${wasReadable ? '' : ' (damaged)'}\n`,
    forgotten > 0 ? `${people(forgotten)} of it were forgotten since: erased again.\n` : '',
    '\nNext: recover, which reads what the vendors have been sent since, then start the service.\n',
    'Whoever was to be registered before now is looked up in Livestorm first, so nobody is mailed twice.\n',
    'External activities of what happened before now are not told any more.\n',
  ].join('');
}
