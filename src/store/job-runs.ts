import type { Database } from './database.ts';

export interface JobRun {
  readonly job: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly succeededAtMs: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly problem: string | null;
}

/** The last run of every job. */
export class JobRuns {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  record(run: Omit<JobRun, 'succeededAtMs'>): void {
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

  all(): JobRun[] {
    return this.#db
      .all<Omit<JobRun, 'counts'> & { counts: string }>('SELECT * FROM job_run ORDER BY job')
      .map((row) => ({ ...row, counts: JSON.parse(row.counts) }));
  }
}
