import type { Key, Limits } from './key.ts';

/** One thing wrong with a value. */
export interface Finding {
  readonly message: string;
  readonly fix: string;
  /** Where inside the value: `.company`, `[2]`; absent for the value as a whole. */
  readonly within?: string;
}

/** A kind of value. All values come in as text, lists or maps, because the file is read without types. */
export interface Format {
  /** Follows "expected": `a whole number from 1 to 4`. */
  expects(limits: Limits): string;
  /** Text to the typed value; text that cannot be converted is handed back for `check` to refuse. */
  coerce?(text: string): unknown;
  check(value: unknown, key: Key): readonly Finding[];
}
