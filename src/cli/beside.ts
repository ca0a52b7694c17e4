import { systemClock } from '../clock.ts';
import { loadStateDir } from '../config/load.ts';
import { openStoreBeside, openStoreReadOnly, type Store } from '../store/store.ts';
import type { Terminal } from './terminal.ts';

/** What every command needs that changes the state beside the running daemon. */
export interface BesideOptions {
  readonly config: string;
  readonly json: boolean;
}

/**
 * Opens the state for a command, beside the daemon or without one; `work` gets it with the time. Rejects with
 * `ConfigError`, and with `StateError` when there is no state yet or one of another version.
 */
export async function withState<T>(
  options: Pick<BesideOptions, 'config'>,
  terminal: Terminal,
  work: (store: Store, nowMs: number) => T,
): Promise<T> {
  using store = openStoreBeside(await loadStateDir(options.config, terminal.env));
  return work(store, (terminal.clock ?? systemClock).now());
}

/** The same for a command that only looks. */
export async function readState<T>(
  options: Pick<BesideOptions, 'config'>,
  terminal: Terminal,
  look: (store: Store) => T,
): Promise<T> {
  using store = openStoreReadOnly(await loadStateDir(options.config, terminal.env));
  return look(store);
}

/** Writes what a command found, as JSON or as text. */
export function tell(
  { json }: Pick<BesideOptions, 'json'>,
  terminal: Terminal,
  view: object,
  text: string,
): void {
  terminal.write(json ? `${JSON.stringify(view, null, 2)}\n` : text);
}

export function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
