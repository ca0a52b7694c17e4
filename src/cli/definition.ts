import type { ParseArgsOptionsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';

export interface Input {
  /** By the name of the option; absent when not given. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** One for each name in `positionals`; fewer where some may be left out. */
  readonly positionals: readonly string[];
}

/** A command as it is found, explained and read; what it does is loaded only when it runs. */
export interface Definition {
  /** One word, or two for a command of a group: `failed list`. */
  readonly name: string;
  readonly summary: string;
  /** Names of what is given in order, e.g. `EMAIL`; in brackets what may be left out, e.g. `[FLOW]`. */
  readonly positionals?: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  /** Option → what it does; the type of the value stands in `options`. */
  readonly help: Readonly<Record<string, string>>;
  /** Lines of more help, shown as they are. */
  readonly notes?: readonly string[];
  /** Exit codes besides 0, 1 for a failure and 2 for a wrong call. */
  readonly exits?: Readonly<Record<number, string>>;
  /** Returns the exit code; what it rejects with is told by class, see `exitCodeOf`. */
  readonly run: (input: Input, terminal: Terminal) => Promise<number>;
}

export const CONFIG = { config: { type: 'string', short: 'c' } } as const;
export const CONFIG_HELP = {
  'config FILE': 'the configuration (default: $LIVESTORM_PARDOT_CONFIG or config.yaml)',
};
export const CONFIG_EXITS = { 78: 'the configuration cannot be used' };
/** Of a command that writes to the state beside the daemon. */
export const WRITING_EXITS = { 75: 'the state is being written all the time: try again', ...CONFIG_EXITS };
export const JSON_OUT = { json: { type: 'boolean' } } as const;
export const JSON_HELP = { json: 'print JSON instead of text' };

export function configFile({ values }: Input, terminal: Terminal): string {
  return textOf(values.config) ?? terminal.env.LIVESTORM_PARDOT_CONFIG ?? 'config.yaml';
}

/** The value of an option that takes one. */
export function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
