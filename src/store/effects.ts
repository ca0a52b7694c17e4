import type { Outcome } from '../domain.ts';
import type { Database } from './database.ts';
import type { Effect, EffectKind, EffectProblem, EffectState, WantedEffect } from './effect.ts';
import { NOT_PAUSED } from './pauses.ts';

export type { Effect, EffectKind, EffectProblem, EffectState, WantedEffect } from './effect.ts';

type EffectRow = Omit<Effect, 'payload' | 'problem'> & { payload: string; problem: string | null };

/** Waiting for its time, and not in an import. */
const WAITING = "state IN ('pending', 'unknown', 'parked') AND carried_by IS NULL";
/** Waiting, and never tried: what was tried singly once is gone on with singly. */
export const FRESH = `${WAITING} AND state <> 'unknown' AND attempts = 0 AND ${NOT_PAUSED}`;
/** A prospect may be in one session under one address and in another under another. */
export const NOT_CARRIED_ALONG = ['email_key', 'prospect_id']
  .map(
    (
      person,
    ) => `NOT EXISTS (SELECT 1 FROM effect c WHERE c.carried_by IS NOT NULL AND c.${person} = effect.${person}
      AND (c.kind = effect.kind OR effect.kind = 'list_removal'))`,
  )
  .join(' AND ');

/** The outbox. A remote write exists here, durably, before it is sent and until it has an end. */
export class Effects {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Adds the effect unless its key exists. A finished one is armed again only if `rearm` says so. `isUncertain`: it may
   * have been applied before and is looked for first.
   */
  want(
    wanted: WantedEffect,
    dueAtMs: number,
    options: { rearm?: boolean; nowMs?: number; isUncertain?: boolean } = {},
  ): boolean {
    const conflict = options.rearm
      ? `DO UPDATE SET state = 'pending', reason = NULL, attempts = 0, next_attempt_at_ms = excluded.next_attempt_at_ms,
           finished_at_ms = NULL, problem = NULL WHERE state IN ('done', 'skipped') AND reason IS NULL`
      : 'DO NOTHING';
    return (
      this.#db.run(
        `INSERT INTO effect (kind, natural_key, session_id, email_key, prospect_id, payload, state, attempts,
           next_attempt_at_ms, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
         ON CONFLICT (kind, natural_key) ${conflict}`,
        wanted.kind,
        wanted.naturalKey,
        wanted.sessionId ?? null,
        wanted.emailKey ?? null,
        wanted.prospectId ?? null,
        JSON.stringify(wanted.payload),
        options.isUncertain ? 'unknown' : 'pending',
        dueAtMs,
        options.nowMs ?? dueAtMs,
      ) > 0
    );
  }

  /**
   * The next effect of a kind whose time has come, oldest first, leaving out those in `except`, and those of a person
   * or prospect for whom an import takes another of the kind along: what it writes is not seen before it has ended. For the same
   * reason nobody leaves a list who may just be put on it.
   */
  nextDue(kind: EffectKind, nowMs: number, except: ReadonlySet<number>): Effect | undefined {
    const rows = this.#select(
      `WHERE kind = ? AND ${WAITING} AND next_attempt_at_ms <= ? AND ${NOT_PAUSED}
         AND ${NOT_CARRIED_ALONG}
       ORDER BY next_attempt_at_ms, id LIMIT ?`,
      kind,
      nowMs,
      except.size + 1,
    );
    return rows.find((effect) => !except.has(effect.id));
  }

  get(kind: EffectKind, naturalKey: string): Effect | undefined {
    return this.#select('WHERE kind = ? AND natural_key = ?', kind, naturalKey)[0];
  }

  /** Those that still exist, by id. */
  byIds(ids: readonly number[]): ReadonlyMap<number, Effect> {
    const rows = this.#select('WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
    return new Map(rows.map((effect) => [effect.id, effect]));
  }

  /** Sessions of which at least so many effects of the kind are due and were never tried. */
  sessionsToBegin(kind: EffectKind, nowMs: number, atLeast: number): string[] {
    return this.#db
      .all<{ sessionId: string }>(
        `SELECT session_id FROM effect WHERE kind = ? AND ${FRESH} AND next_attempt_at_ms <= ?
         AND session_id IS NOT NULL GROUP BY session_id HAVING count(*) >= ?
         ORDER BY min(next_attempt_at_ms), session_id`,
        kind,
        nowMs,
        atLeast,
      )
      .map(({ sessionId }) => sessionId);
  }

  /** A session's effects of the kind that are due and were never tried, oldest first. */
  toBegin(kind: EffectKind, sessionId: string, nowMs: number, limit: number): Effect[] {
    return this.#select(
      `WHERE kind = ? AND ${FRESH} AND next_attempt_at_ms <= ? AND session_id = ?
       ORDER BY next_attempt_at_ms, id LIMIT ?`,
      kind,
      nowMs,
      sessionId,
      limit,
    );
  }

  /** To be committed right before the request leaves: a crash from here on means "may have been applied". */
  markSending(id: number, nowMs: number): void {
    this.#db.run(
      "UPDATE effect SET state = 'sending', attempts = attempts + 1, sent_at_ms = ? WHERE id = ?",
      nowMs,
      id,
    );
  }

  postpone(
    effect: { readonly id: number; readonly attempts: number },
    state: 'pending' | 'unknown' | 'parked',
    nextAttemptAtMs: number,
    problem: EffectProblem,
  ): void {
    this.#db.run(
      'UPDATE effect SET state = ?, next_attempt_at_ms = ?, problem = ?, attempts = ? WHERE id = ?',
      state,
      nextAttemptAtMs,
      JSON.stringify(problem),
      effect.attempts,
      effect.id,
    );
  }

  finish(
    id: number,
    state: 'done' | 'skipped' | 'dead',
    nowMs: number,
    end: { reason?: Outcome; problem?: EffectProblem } = {},
  ): void {
    this.#db.run(
      'UPDATE effect SET state = ?, reason = ?, finished_at_ms = ?, problem = ? WHERE id = ?',
      state,
      end.reason ?? null,
      nowMs,
      end.problem ? JSON.stringify(end.problem) : null,
      id,
    );
  }

  /**
   * What was on its way when the last run of this kind ended without an answer (a crash, a full disk) may have been
   * applied. What a job is at work on is not among it. Returns how many there were.
   */
  recoverInterrupted(kind: EffectKind, settleMs: number): number {
    return this.#db.run(
      `UPDATE effect SET state = 'unknown', next_attempt_at_ms = sent_at_ms + ?, problem = ?
       WHERE kind = ? AND state = 'sending'
       AND id NOT IN (SELECT value FROM registration_job, json_each(effect_ids))`,
      settleMs,
      JSON.stringify({
        class: 'Interrupted',
        message: 'the daemon stopped while the request was on its way',
      }),
      kind,
    );
  }

  /**
   * Wanted or sent in the future: the clock has been set back since, and they are not to wait until it is there again.
   * How long ago that was nobody knows: they wait as after an attempt just now.
   */
  redate(kind: EffectKind, nowMs: number, settleMs: number): void {
    this.#db.run(
      `UPDATE effect SET next_attempt_at_ms = min(next_attempt_at_ms, @nowMs + @settleMs),
         created_at_ms = min(created_at_ms, @nowMs), sent_at_ms = min(sent_at_ms, @nowMs)
       WHERE kind = @kind AND ${WAITING} AND next_attempt_at_ms > @nowMs
         AND (created_at_ms > @nowMs OR sent_at_ms > @nowMs)`,
      { kind, nowMs, settleMs },
    );
  }

  /**
   * Unfinished field writes of a prospect give way to a newer content. Returns those that may still reach the vendor:
   * the outcome is unknown, the daemon stopped while it was on its way, or an import takes it along.
   */
  supersedeFieldWrites(prospectId: number, exceptKey: string, nowMs: number): Effect[] {
    const open = this.#select(
      `WHERE kind = 'prospect_fields' AND prospect_id = ? AND natural_key <> ?
       AND state IN ('pending', 'sending', 'unknown', 'parked')`,
      prospectId,
      exceptKey,
    );
    for (const effect of open) this.finish(effect.id, 'skipped', nowMs);
    return open.filter(
      ({ state, carriedBy }) => state === 'unknown' || state === 'sending' || carriedBy !== null,
    );
  }

  /** The vendor takes nothing for now: all due effects of the kind wait together. */
  parkDue(kind: EffectKind, nowMs: number, untilMs: number, problem: EffectProblem): number {
    return this.#db.run(
      `UPDATE effect SET state = CASE state WHEN 'pending' THEN 'parked' ELSE state END, next_attempt_at_ms = ?, problem = ?
       WHERE kind = ? AND ${WAITING} AND next_attempt_at_ms <= ?`,
      untilMs,
      JSON.stringify(problem),
      kind,
      nowMs,
    );
  }

  /** After a start or a new configuration parked effects may try at once; the governor still holds back. */
  releaseParked(nowMs: number): void {
    this.#db.run("UPDATE effect SET next_attempt_at_ms = ? WHERE state = 'parked'", nowMs);
  }

  /** As if it had never been wanted: its opposite has been done. */
  forget(kind: EffectKind, naturalKey: string): void {
    this.#db.run('DELETE FROM effect WHERE kind = ? AND natural_key = ?', kind, naturalKey);
  }

  counts(): { kind: EffectKind; state: EffectState; reason: Outcome | null; count: number }[] {
    return this.#db.all(
      'SELECT kind, state, reason, count(*) AS count FROM effect GROUP BY kind, state, reason ORDER BY kind, state, reason',
    );
  }

  /** A step of the effect is done: the next one is due at `atMs`, with what it has to know. */
  goOn(id: number, payload: unknown, atMs: number): void {
    this.#db.run(
      `UPDATE effect SET state = 'pending', payload = ?, attempts = 0, next_attempt_at_ms = ?, problem = NULL
       WHERE id = ?`,
      JSON.stringify(payload),
      atMs,
      id,
    );
  }

  /** Whether an effect of this kind may have been applied for this person, in whatever session. */
  isUncertain(kind: EffectKind, emailKey: string): boolean {
    return (
      this.#db.get(
        `SELECT 1 FROM effect WHERE kind = ? AND ${WAITING} AND state = 'unknown' AND email_key = ? LIMIT 1`,
        kind,
        emailKey,
      ) !== undefined
    );
  }

  /**
   * Whether the prospect was told the same of the session on account of another address, or is about to be: of several
   * that are open the oldest goes ahead.
   */
  isToldAlready({ id, sessionId, prospectId }: Effect, type: string): boolean {
    return (
      this.#db.get(
        `SELECT 1 FROM effect WHERE prospect_id = @prospectId AND +session_id = @sessionId
           AND +kind = 'external_activity' AND id <> @id AND json_extract(payload, '$.type') = @type
           AND (state = 'done' OR id < @id AND state IN ('pending', 'sending', 'unknown', 'parked')) LIMIT 1`,
        { id, sessionId, prospectId, type },
      ) !== undefined
    );
  }

  /** Everything not done, oldest first. */
  open(): Effect[] {
    return this.#select("WHERE state NOT IN ('done', 'skipped') ORDER BY id");
  }

  all(kind: EffectKind): Effect[] {
    return this.#select('WHERE kind = ? ORDER BY id', kind);
  }

  #select(where: string, ...params: unknown[]): Effect[] {
    return readEffects(this.#db, where, ...params);
  }
}

/** For the classes of this folder. */
export function readEffects(db: Database, where: string, ...params: unknown[]): Effect[] {
  return db.all<EffectRow>(`SELECT * FROM effect ${where}`, ...params).map((row) => ({
    ...row,
    payload: JSON.parse(row.payload),
    problem: row.problem ? JSON.parse(row.problem) : null,
  }));
}
