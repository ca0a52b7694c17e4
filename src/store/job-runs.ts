import { MINUTE } from '../clock.ts';
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

/** Most runs find nothing to do; whoever looks at the file sees that they went well so much later. */
const QUIET_INTERVAL = MINUTE;

/** The last run of every job. */
export class JobRuns {
  readonly #db: Database;
  readonly #totals = new Map<string, RunTotals>();
  /** The last run of every job of this process, and the one of them that is in the file. */
  readonly #last = new Map<string, { run: JobRun; saved: JobRun }>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Keeps how a run ended; in the file at most once a minute while a job goes well and finds nothing to do. */
  record(ended: Omit<JobRun, 'succeededAtMs'>): void {
    const { ok, failed } = this.#totals.get(ended.job) ?? { ok: 0, failed: 0 };
    this.#totals.set(ended.job, ended.problem === null ? { ok: ok + 1, failed } : { ok, failed: failed + 1 });
    const last = this.#last.get(ended.job);
    const succeededAtMs = ended.problem === null ? ended.finishedAtMs : (last?.run.succeededAtMs ?? null);
    const run = { ...ended, succeededAtMs };
    const isSaved = !last || !isQuiet(run) || !isQuiet(last.saved) || isLater(run, last.saved);
    if (isSaved) this.#save(run);
    this.#last.set(run.job, { run, saved: isSaved ? run : last.saved });
  }

  #save(run: JobRun): void {
    this.#db.run(
      `INSERT INTO job_run (job, started_at_ms, finished_at_ms, succeeded_at_ms, counts, problem)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (job) DO UPDATE SET started_at_ms = excluded.started_at_ms, finished_at_ms = excluded.finished_at_ms,
         succeeded_at_ms = coalesce(excluded.succeeded_at_ms, job_run.succeeded_at_ms), counts = excluded.counts,
         problem = excluded.problem`,
      run.job,
      run.startedAtMs,
      run.finishedAtMs,
      run.succeededAtMs,
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
      .map((row) => ({ ...row, counts: JSON.parse(row.counts) }))
      .map((saved) => this.#last.get(saved.job)?.run ?? saved);
  }
}

function isQuiet({ problem, counts }: JobRun): boolean {
  return problem === null && Object.values(counts).every((count) => count === 0);
}

/** The clock may have been set back meanwhile. */
function isLater(run: JobRun, than: JobRun): boolean {
  return Math.abs(run.finishedAtMs - than.finishedAtMs) >= QUIET_INTERVAL;
}
