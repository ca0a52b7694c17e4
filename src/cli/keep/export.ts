import { systemClock } from '../../clock.ts';
import { loadStateDir } from '../../config/load.ts';
import { exportPerson } from '../../retention/person-export.ts';
import { openStoreReadOnly } from '../../store/store.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export interface ExportOptions {
  readonly config: string;
  readonly address: string;
}

/** `export`: everything that is held about a person, as JSON, read beside the running daemon. Needs no secrets. */
export async function exportCommand({ config, address }: ExportOptions, terminal: Terminal): Promise<number> {
  using store = openStoreReadOnly(await loadStateDir(config, terminal.env));
  const person = exportPerson(store, address, (terminal.clock ?? systemClock).now());
  terminal.write(`${JSON.stringify(person, null, 2)}\n`);
  return EXIT.ok;
}
