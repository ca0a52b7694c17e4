import { WORK_CLASSES, type WorkClass } from '../domain.ts';

/** Lines of waiting work: the most important class first, first come first served inside a class. */
export class WorkQueue<T extends { readonly work: WorkClass }> {
  readonly #lines = new Map<WorkClass, Set<T>>(WORK_CLASSES.map((work) => [work, new Set()]));

  add(waiter: T): void {
    this.#lines.get(waiter.work)?.add(waiter);
  }

  remove(waiter: T): void {
    this.#lines.get(waiter.work)?.delete(waiter);
  }

  has(waiter: T): boolean {
    return this.#lines.get(waiter.work)?.has(waiter) ?? false;
  }

  /** Whose turn it is; undefined when nobody waits. */
  first(): T | undefined {
    for (const line of this.#lines.values()) for (const waiter of line) return waiter;
    return undefined;
  }

  all(): T[] {
    return [...this.#lines.values()].flatMap((line) => [...line]);
  }
}
