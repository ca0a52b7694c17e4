import type { Database } from './database.ts';

/** A Livestorm session tied by ids to its campaign and list. */
export interface SessionLink {
  readonly sessionId: string;
  /** The name campaign and list were made with; renaming them anywhere changes nothing. */
  readonly name: string;
  readonly createdAtMs: number;
  /** made: campaign and list are ours. existing: the configuration names a campaign that was there before. */
  readonly origin: 'made' | 'existing';
  readonly salesforceCampaignId: string | null;
  readonly campaignMadeAtMs: number | null;
  /** The mirror that Connected Campaigns made; null while it is awaited. */
  readonly pardotCampaignId: number | null;
  readonly mirroredAtMs: number | null;
  readonly listId: number | null;
  readonly listedAtMs: number | null;
}

export class Links {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(sessionId: string, name: string, nowMs: number): void {
    this.#db.run(
      `INSERT INTO session_link (session_id, name, created_at_ms, origin) VALUES (?, ?, ?, 'made')
       ON CONFLICT DO NOTHING`,
      sessionId,
      name,
      nowMs,
    );
  }

  /** Ties the session to a campaign, and perhaps a list, that were there before. */
  adopt(
    sessionId: string,
    name: string,
    existing: { readonly campaignId: number; readonly listId: number | null },
    nowMs: number,
  ): void {
    this.#db.run(
      `INSERT INTO session_link (session_id, name, created_at_ms, origin, pardot_campaign_id, mirrored_at_ms, list_id,
         listed_at_ms) VALUES (?, ?, ?, 'existing', ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      sessionId,
      name,
      nowMs,
      existing.campaignId,
      nowMs,
      existing.listId,
      existing.listId === null ? null : nowMs,
    );
  }

  /** Campaign and list were given this name, where they still had the one we gave them. */
  renamed(sessionId: string, name: string): void {
    this.#db.run('UPDATE session_link SET name = ? WHERE session_id = ?', name, sessionId);
  }

  campaignMade(sessionId: string, salesforceCampaignId: string, nowMs: number): void {
    this.#db.run(
      'UPDATE session_link SET salesforce_campaign_id = ?, campaign_made_at_ms = ? WHERE session_id = ?',
      salesforceCampaignId,
      nowMs,
      sessionId,
    );
  }

  mirrored(sessionId: string, pardotCampaignId: number, nowMs: number): void {
    this.#db.run(
      'UPDATE session_link SET pardot_campaign_id = ?, mirrored_at_ms = ? WHERE session_id = ?',
      pardotCampaignId,
      nowMs,
      sessionId,
    );
  }

  listed(sessionId: string, listId: number, nowMs: number): void {
    this.#db.run(
      'UPDATE session_link SET list_id = ?, listed_at_ms = ? WHERE session_id = ?',
      listId,
      nowMs,
      sessionId,
    );
  }

  get(sessionId: string): SessionLink | undefined {
    return this.#db.get<SessionLink>('SELECT * FROM session_link WHERE session_id = ?', sessionId);
  }

  all(): SessionLink[] {
    return this.#db.all<SessionLink>('SELECT * FROM session_link ORDER BY created_at_ms, session_id');
  }

  /** Campaign made in Salesforce, mirror not seen in Pardot yet. */
  awaitingMirror(): SessionLink[] {
    return this.#db.all<SessionLink>(
      `SELECT * FROM session_link WHERE salesforce_campaign_id IS NOT NULL AND pardot_campaign_id IS NULL
       ORDER BY campaign_made_at_ms`,
    );
  }
}
