import type { Database } from './database.ts';

/** One bulk job at Livestorm that has not been settled yet. */
export interface RegistrationJob {
  readonly id: number;
  readonly sessionId: string;
  /** In the order in which the people were posted. */
  readonly effectIds: readonly number[];
  readonly startedAtMs: number;
  /** Livestorm's id; null while the answer to the post is not here. */
  readonly jobId: string | null;
  /** How often it was asked for its outcome. */
  readonly polls: number;
  readonly nextPollAtMs: number;
}

export class RegistrationJobs {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** To be committed together with the effects' `sending`, right before the job is posted. Returns its key. */
  begin(job: { sessionId: string; effectIds: readonly number[] }, nowMs: number): number {
    const row = this.#db.get<{ id: number }>(
      `INSERT INTO registration_job (session_id, effect_ids, started_at_ms, next_poll_at_ms) VALUES (?, ?, ?, ?)
       RETURNING id`,
      job.sessionId,
      JSON.stringify(job.effectIds),
      nowMs,
      nowMs,
    );
    if (!row) throw new Error('a job was stored without a key');
    return row.id;
  }

  /** Livestorm took it. */
  accepted(id: number, jobId: string, nextPollAtMs: number): void {
    this.#db.run(
      'UPDATE registration_job SET job_id = ?, next_poll_at_ms = ? WHERE id = ?',
      jobId,
      nextPollAtMs,
      id,
    );
  }

  /** It was asked, and will be again. */
  polled(id: number, nextPollAtMs: number): void {
    this.#db.run(
      'UPDATE registration_job SET polls = polls + 1, next_poll_at_ms = ? WHERE id = ?',
      nextPollAtMs,
      id,
    );
  }

  /** Started in the future: the clock has been set back since, and they are not to wait until it is there again. */
  redate(nowMs: number): void {
    this.#db.run(
      `UPDATE registration_job SET started_at_ms = @nowMs, next_poll_at_ms = min(next_poll_at_ms, @nowMs)
       WHERE started_at_ms > @nowMs`,
      { nowMs },
    );
  }

  /** Its effects have an end or go on alone. */
  remove(id: number): void {
    this.#db.run('DELETE FROM registration_job WHERE id = ?', id);
  }

  /** All that are not settled, oldest first. */
  all(): RegistrationJob[] {
    return this.#db
      .all<Omit<RegistrationJob, 'effectIds'> & { effectIds: string }>(
        'SELECT * FROM registration_job ORDER BY id',
      )
      .map((row) => ({ ...row, effectIds: JSON.parse(row.effectIds) }));
  }
}
