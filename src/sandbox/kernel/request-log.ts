export interface LoggedRequest {
  readonly atMs: number;
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  /** Without the leading `?`; empty when none. */
  readonly query: string;
  /** 0 when the fault left no answer. */
  readonly status: number;
  readonly fault: string | undefined;
}

const KEPT = 10_000;

/** Every request the sandbox saw, newest last, at most 10,000 kept, with counts of all. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #counts = new Map<string, number>();

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT * 1.1) this.#entries = this.#entries.slice(-KEPT);
    const key = `${entry.vendor} ${entry.method} ${route(entry.path)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** Calls per vendor and route, ids replaced by `{id}`. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** How many requests this vendor saw, pages apart. */
  total(vendor: string): number {
    let sum = 0;
    for (const [key, count] of this.#counts) if (key.startsWith(`${vendor} `)) sum += count;
    return sum;
  }

  clear(): void {
    this.#entries = [];
    this.#counts.clear();
  }
}

/** `/v1/sessions/3f…/people` → `/v1/sessions/{id}/people`. */
export function route(path: string): string {
  return path
    .split('/')
    .map((part) =>
      /^([0-9a-f]{8}-[0-9a-f-]{27}|\d+|[0-9A-Za-z]{18}|[0-9A-Za-z]{15})$/.test(part) ? '{id}' : part,
    )
    .join('/');
}
