import type { LivestormEvent, Session } from '../domain.ts';
import type { Database } from './database.ts';

/** A session as last seen, with what was seen of its event. */
export interface KnownSession extends Session {
  readonly firstSeenAtMs: number;
  readonly seenAtMs: number;
  readonly goneAtMs: number | null;
  /** null until the event has been read. */
  readonly event: KnownEvent | null;
}

export interface KnownEvent extends LivestormEvent {
  readonly seenAtMs: number;
}

interface SessionRow extends Omit<KnownSession, 'event' | 'isBreakoutRoom'> {
  isBreakoutRoom: number;
}

interface EventRow extends Omit<KnownEvent, 'published' | 'fields'> {
  published: number;
  fields: string;
}

/** Observations of Livestorm's events and sessions. */
export class Sessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  observe(session: Session, nowMs: number): void {
    this.#db.run(
      `INSERT INTO session (id, event_id, status, name, estimated_started_at_ms, started_at_ms, ended_at_ms,
         canceled_at_ms, created_at_ms, updated_at_ms, registrants_count, is_breakout_room, first_seen_at_ms, seen_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id, status = excluded.status, name = excluded.name,
         estimated_started_at_ms = excluded.estimated_started_at_ms, started_at_ms = excluded.started_at_ms,
         ended_at_ms = excluded.ended_at_ms, canceled_at_ms = excluded.canceled_at_ms,
         updated_at_ms = excluded.updated_at_ms, registrants_count = excluded.registrants_count,
         is_breakout_room = excluded.is_breakout_room, seen_at_ms = excluded.seen_at_ms, gone_at_ms = NULL`,
      session.id,
      session.eventId,
      session.status,
      session.name,
      session.estimatedStartedAtMs,
      session.startedAtMs,
      session.endedAtMs,
      session.canceledAtMs,
      session.createdAtMs,
      session.updatedAtMs,
      session.registrantsCount,
      session.isBreakoutRoom ? 1 : 0,
      nowMs,
      nowMs,
    );
  }

  /** Livestorm no longer knows it. */
  observeGone(id: string, nowMs: number): void {
    this.#db.run('UPDATE session SET gone_at_ms = ?, seen_at_ms = ? WHERE id = ?', nowMs, nowMs, id);
  }

  observeEvent(event: LivestormEvent, nowMs: number): void {
    this.#db.run(
      `INSERT INTO event (id, title, published, scheduling_status, estimated_duration_ms, fields, seen_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, published = excluded.published,
         scheduling_status = excluded.scheduling_status, estimated_duration_ms = excluded.estimated_duration_ms,
         fields = excluded.fields, seen_at_ms = excluded.seen_at_ms`,
      event.id,
      event.title,
      event.published ? 1 : 0,
      event.schedulingStatus,
      event.estimatedDurationMs,
      JSON.stringify(event.fields),
      nowMs,
    );
  }

  get(id: string): KnownSession | undefined {
    return this.#select('WHERE id = ?', id)[0];
  }

  /** Every session seen, oldest first. */
  all(): KnownSession[] {
    return this.#select('ORDER BY created_at_ms, id');
  }

  event(id: string): KnownEvent | undefined {
    return this.#events('WHERE id = ?', id)[0];
  }

  #select(where: string, ...params: unknown[]): KnownSession[] {
    const rows = this.#db.all<SessionRow>(`SELECT * FROM session ${where}`, ...params);
    const events = new Map(
      rows.length === 1 && rows[0]
        ? this.#events('WHERE id = ?', rows[0].eventId).map((event) => [event.id, event])
        : this.#events('').map((event) => [event.id, event]),
    );
    return rows.map((row) => ({
      ...row,
      isBreakoutRoom: row.isBreakoutRoom === 1,
      event: events.get(row.eventId) ?? null,
    }));
  }

  #events(where: string, ...params: unknown[]): KnownEvent[] {
    return this.#db
      .all<EventRow>(`SELECT * FROM event ${where}`, ...params)
      .map((row) => ({ ...row, published: row.published === 1, fields: JSON.parse(row.fields) }));
  }
}
