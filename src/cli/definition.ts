import type { Options, Values } from './option.ts';
import type { Terminal } from './terminal.ts';

/** A call as it was typed. */
export interface Input {
  /** By the name of the option; absent when not given. */
  readonly given: Readonly<Record<string, string | boolean | undefined>>;
  /** One for each name in `positionals`; fewer where some may be left out. */
  readonly positionals: readonly string[];
}

/** How a command is found and explained. */
interface Description<O extends Options> {
  /** One word, or two for a command of a group: `failed list`. */
  readonly name: string;
  readonly summary: string;
  /** Names of what is given in order, e.g. `EMAIL`; in brackets what may be left out, e.g. `[FLOW]`. */
  readonly positionals?: readonly string[];
  /** In the order in which they are shown. */
  readonly options: O;
  /** Lines of more help, shown as they are. */
  readonly notes?: readonly string[];
  /** Exit codes besides 0, 1 for a failure and 2 for a wrong call. */
  readonly exits?: Readonly<Record<number, string>>;
}

/** A command as it is found, explained and read; what it does is loaded only when it runs. */
export interface Definition extends Description<Options> {
  /** Returns the exit code; what it rejects with is told by class, see `exitCodeOf`. */
  readonly run: (input: Input, terminal: Terminal) => Promise<number>;
}

interface Command<O extends Options> extends Description<O> {
  readonly run: (
    call: { readonly values: Values<O>; readonly positionals: readonly string[] },
    terminal: Terminal,
  ) => Promise<number>;
}

/** A command that gets each of its options, given or not, as what it is worth. */
export function define<O extends Options>({ run, ...command }: Command<O>): Definition {
  const { options } = command;
  return {
    ...command,
    run: ({ given, positionals }, terminal) => {
      const values = Object.entries(options).map(([name, { read }]) => [
        name,
        read(given[name], terminal.env),
      ]);
      return run({ values: Object.fromEntries(values) as Values<O>, positionals }, terminal);
    },
  };
}

export const CONFIG_EXITS = { 78: 'the configuration cannot be used' };
/** Of a command that writes to the state beside the daemon. */
export const WRITING_EXITS = { 75: 'the state is being written all the time: try again', ...CONFIG_EXITS };
/** Of a command that asks the vendors. */
export const VENDOR_EXITS = {
  75: 'a vendor cannot be reached now',
  77: 'a vendor refuses the credentials',
  ...CONFIG_EXITS,
};
