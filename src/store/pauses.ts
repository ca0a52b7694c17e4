import type { Database } from './database.ts';

/** What an admin can pause by itself. */
export const FLOWS = ['form_registrations', 'registrants', 'attendance', 'replays'] as const;
export type Flow = (typeof FLOWS)[number];
/** `all`: every write, those of campaigns and lists among them. */
export type Pausable = Flow | 'all';

export interface Pause {
  readonly flow: Pausable;
  readonly sinceMs: number;
  /** Writes that it keeps back so far. */
  readonly waiting: number;
}

/** Whether a pause is about an effect. */
const KEPT_BACK = `flow = 'all' OR CASE
  WHEN effect.kind IN ('livestorm_registration', 'livestorm_unregistration', 'livestorm_backfill')
    THEN flow = 'form_registrations'
  WHEN effect.kind IN ('prospect', 'list_membership', 'list_removal', 'prospect_import', 'membership_import')
    THEN flow = 'registrants'
  WHEN effect.kind = 'external_activity' THEN flow = CASE json_extract(effect.payload, '$.type')
    WHEN 'Registered' THEN 'registrants' WHEN 'WatchedReplay' THEN 'replays' WHEN 'WatchedOnDemand' THEN 'replays'
    ELSE 'attendance' END
  WHEN effect.kind = 'prospect_fields'
    THEN instr(coalesce(json_extract(effect.payload, '$.flows'), 'attendance'), flow) > 0
  WHEN effect.kind = 'fields_import' THEN flow IN ('attendance', 'replays')
  ELSE FALSE END`;
/**
 * Whatever looks for work asks for this, so that a pause works from the next request on, in whichever process it was
 * made.
 */
export const NOT_PAUSED = `NOT EXISTS (SELECT 1 FROM pause WHERE ${KEPT_BACK})`;
const OPEN = "effect.state IN ('pending', 'unknown', 'parked')";

/** Flows that send nothing until an admin resumes them. What is read and planned meanwhile is kept. */
export class Pauses {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns false when it was paused already. */
  pause(flow: Pausable, nowMs: number): boolean {
    return (
      this.#db.run('INSERT INTO pause (flow, since_ms) VALUES (?, ?) ON CONFLICT DO NOTHING', flow, nowMs) > 0
    );
  }

  /** `all` ends every pause. Returns how many ended. */
  resume(flow: Pausable): number {
    return flow === 'all'
      ? this.#db.run('DELETE FROM pause')
      : this.#db.run('DELETE FROM pause WHERE flow = ?', flow);
  }

  /** The longest first. */
  all(): Pause[] {
    return this.#db.all(
      `SELECT flow, since_ms, (SELECT count(*) FROM effect WHERE ${OPEN} AND (${KEPT_BACK})) AS waiting
       FROM pause ORDER BY since_ms, flow`,
    );
  }

  /** Registrations that wait: for sessions that still take people, and for such that do not. */
  registrationsWaiting(): { open: number; tooLate: number } {
    const row = this.#db.get<{ total: number; tooLate: number }>(
      `SELECT count(*) AS total, count(*) FILTER (WHERE s.gone_at_ms IS NOT NULL
         OR s.status IN ('past', 'past_not_started', 'canceled')) AS too_late
       FROM effect JOIN session s ON s.id = effect.session_id
       WHERE effect.kind IN ('livestorm_registration', 'livestorm_backfill') AND ${OPEN}`,
    );
    const { total = 0, tooLate = 0 } = row ?? {};
    return { open: total - tooLate, tooLate };
  }
}
