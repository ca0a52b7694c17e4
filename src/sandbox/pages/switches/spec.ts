/** How the control page words one switch. */
export interface SwitchSpec {
  readonly text: string;
  /** What it can be set to, where that is a closed set. */
  readonly choices?: readonly (string | number)[];
  /** It may be `null`. */
  readonly nullable?: true;
  /** It takes the IANA name of a time zone. */
  readonly timeZone?: true;
}

/** A specification for every switch of `S`, so that none is forgotten. */
export type SwitchSpecs<S> = Readonly<Record<keyof S, SwitchSpec>>;

export function spec(text: string, ...choices: readonly (string | number)[]): SwitchSpec {
  return choices.length > 0 ? { text, choices } : { text };
}
