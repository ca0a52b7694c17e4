import type { Terminal } from './terminal.ts';

type Given = string | boolean | undefined;

/** An option of a command: how it is called, what it does, and what it is worth, given or not. */
export interface Option<T> {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for its value in the help, e.g. `FILE`; absent when it takes none. */
  readonly takes?: string;
  readonly help: string;
  readonly read: (given: Given, env: Terminal['env']) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** By the name of the option. */
export type Values<O extends Options> = { readonly [Name in keyof O]: ReturnType<O[Name]['read']> };

/** Is there or is not. */
export function flag(help: string): Option<boolean> {
  return { type: 'boolean', help, read: (given) => given === true };
}

/** Takes a text. */
export function text(takes: string, help: string): Option<string | undefined> {
  return { type: 'string', takes, help, read: textOf };
}

export const CONFIG = {
  config: {
    ...text('FILE', 'the configuration (default: $LIVESTORM_PARDOT_CONFIG or config.yaml)'),
    short: 'c',
    read: (given: Given, env: Terminal['env']): string => textOf(given) ?? usualConfig(env),
  },
};
export const JSON_OUT = { json: flag('print JSON instead of text') };
export const PEOPLE = { people: flag('with the addresses, which JSON always has') };
export const REASON = { reason: text('TEXT', 'for the audit trail') };

/** The configuration of a call that names none. */
export function usualConfig(env: Terminal['env']): string {
  return env.LIVESTORM_PARDOT_CONFIG ?? 'config.yaml';
}

function textOf(given: Given): string | undefined {
  return typeof given === 'string' ? given : undefined;
}
