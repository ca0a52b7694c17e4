import type { Database } from './database.ts';

export interface JobRun {
  readonly job: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly succeededAtMs: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly problem: string | null;
}

/** How often a job ran since this process began. */
export interface RunTotals {
  readonly ok: number;
  readonly failed: number;
}

/** The last run of every job. */
export class JobRuns {
  readonly #db: Database;
  readonly #totals = new Map<string, RunTotals>();

  constructor(db: Database) {
    this.#db = db;
  }

  record(run: Omit<JobRun, 'succeededAtMs'>): void {
    const { ok, failed } = this.#totals.get(run.job) ?? { ok: 0, failed: 0 };
    this.#totals.set(run.job, run.problem === null ? { ok: ok + 1, failed } : { ok, failed: failed + 1 });
    this.#db.run(
      `INSERT INTO job_run (job, started_at_ms, finished_at_ms, succeeded_at_ms, counts, problem)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (job) DO UPDATE SET started_at_ms = excluded.started_at_ms, finished_at_ms = excluded.finished_at_ms,
         succeeded_at_ms = coalesce(excluded.succeeded_at_ms, job_run.succeeded_at_ms), counts = excluded.counts,
         problem = excluded.problem`,
      run.job,
      run.startedAtMs,
      run.finishedAtMs,
      run.problem === null ? run.finishedAtMs : null,
      JSON.stringify(run.counts),
      run.problem,
    );
  }

  /** By job; not kept over a restart. */
  totals(): ReadonlyMap<string, RunTotals> {
    return this.#totals;
  }

  all(): JobRun[] {
    return this.#db
      .all<Omit<JobRun, 'counts'> & { counts: string }>('SELECT * FROM job_run ORDER BY job')
      .map((row) => ({ ...row, counts: JSON.parse(row.counts) }));
  }
}
