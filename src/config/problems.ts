import { ConfigError, type ConfigProblem } from '../errors.ts';
import { printable } from './printable.ts';

/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Collects what is wrong with one file, and where each of its keys stands. */
export class Problems {
  readonly #found: ConfigProblem[] = [];
  readonly #places = new Map<string, Place>();
  readonly #wrong = new Set<string>();

  /** Remembers where a path is written; it then counts as written, whatever is wrong with its value. */
  place(path: string, place: Place): void {
    this.#places.set(path, place);
  }

  /** Undefined for what is not written. */
  placeOf(path: string): Place | undefined {
    return this.#places.get(path);
  }

  isWritten(path: string): boolean {
    return this.#places.has(path);
  }

  /** Whether something is wrong with this very path. */
  concerns(path: string): boolean {
    return this.#wrong.has(path);
  }

  /** Without `place` the problem stands where the path is written, else where the nearest section around it is. */
  add(path: string, message: string, fix: string, place = this.#nearestPlace(path)): void {
    this.#wrong.add(path);
    this.#found.push({
      path: path
        .split('.')
        .map((name) => printable(name))
        .join('.'),
      message,
      fix,
      ...(place ?? {}),
    });
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** Every problem in the order of the file, those without a place last. */
  toError(file: string | undefined): ConfigError {
    return new ConfigError([...this.#found].sort(byPlace), { file });
  }

  #nearestPlace(path: string): Place | undefined {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
      const place = this.#places.get(at);
      if (place) return place;
    }
    return undefined;
  }
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  const last = Number.MAX_SAFE_INTEGER;
  return (a.line ?? last) - (b.line ?? last) || (a.column ?? 0) - (b.column ?? 0);
}
