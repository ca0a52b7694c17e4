import type { Database } from '../../src/store/database.ts';

export interface CommitHooks {
  /** Inside the transaction, right before it commits; what it throws rolls back. `writes`: the statements. */
  readonly before?: (writes: readonly string[]) => void;
  /** Right after; what it throws reaches whoever wrote. */
  readonly after?: (writes: readonly string[]) => void;
}

/** Calls the hooks around every commit of this connection that changes something. */
export function watchCommits(db: Database, hooks: CommitHooks): void {
  const transaction = db.transaction.bind(db);
  const run = db.run.bind(db);
  let isInside = false;
  let writes: string[] = [];
  const commit = <T>(work: () => T): T => {
    isInside = true;
    writes = [];
    try {
      return transaction(() => {
        const result = work();
        if (writes.length > 0) hooks.before?.(writes);
        return result;
      });
    } finally {
      isInside = false;
    }
  };
  db.transaction = <T>(work: () => T): T => {
    if (isInside) return work();
    const result = commit(work);
    if (writes.length > 0) hooks.after?.(writes);
    return result;
  };
  db.run = (sql, ...params) => {
    if (!isInside) return db.transaction(() => db.run(sql, ...params));
    const changed = run(sql, ...params);
    if (changed > 0) writes.push(sql);
    return changed;
  };
}
