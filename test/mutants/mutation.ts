/** A bug that somebody could have written, and the tests that must notice it. */
export interface Mutation {
  readonly name: string;
  /** Under `src/`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Under `test/`, without `.test.ts`. */
  readonly tests: readonly string[];
}

/** How often the text stands in the file. */
export function occurrences(source: string, text: string): number {
  return source.split(text).length - 1;
}
