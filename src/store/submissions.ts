import type { FieldValue, Outcome, Submission } from '../domain.ts';
import type { Database } from './database.ts';

/** A submission as it was at first sight, with what was decided about it. */
export interface KnownSubmission {
  readonly activityId: number;
  readonly createdAtMs: number;
  readonly firstSeenAtMs: number;
  readonly campaignId: number | null;
  readonly formId: number | null;
  readonly formHandlerId: number | null;
  readonly landingPageId: number | null;
  readonly assetCampaignId: number | null;
  /** The campaign of the form inside the landing page. */
  readonly innerCampaignId: number | null;
  readonly assetName: string | null;
  readonly prospectId: number | null;
  readonly prospectDeleted: boolean;
  readonly email: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly sessionId: string | null;
  readonly outcome: Outcome | null;
}

interface SubmissionRow extends Omit<KnownSubmission, 'prospectDeleted' | 'fields'> {
  prospectDeleted: number | null;
  fields: string | null;
}

export class Submissions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(activityId: number): KnownSubmission | undefined {
    return this.#select('WHERE activity_id = ?', activityId)[0];
  }

  /**
   * First sight freezes campaign, prospect and e-mail. Later sights only fill in a prospect that was missing.
   * Returns true when this told something new.
   */
  observe(submission: Submission, innerCampaignId: number | null, nowMs: number): boolean {
    const { prospect } = submission;
    const person = [
      prospect?.id ?? null,
      prospect ? Number(prospect.isDeleted) : null,
      prospect?.email ?? null,
      prospect ? JSON.stringify(prospect.fields) : null,
    ];
    const inserted = this.#db.run(
      `INSERT INTO submission (activity_id, created_at_ms, first_seen_at_ms, campaign_id, form_id, form_handler_id,
         landing_page_id, asset_campaign_id, inner_campaign_id, asset_name, prospect_id, prospect_deleted, email, fields)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      submission.activityId,
      submission.createdAtMs,
      nowMs,
      submission.campaignId,
      submission.formId,
      submission.formHandlerId,
      submission.landingPageId,
      submission.assetCampaignId,
      innerCampaignId,
      submission.assetName,
      ...person,
    );
    if (inserted > 0 || !prospect) return inserted > 0;
    const filled = this.#db.run(
      `UPDATE submission SET prospect_id = ?, prospect_deleted = ?, email = ?, fields = ?, outcome = NULL
       WHERE activity_id = ? AND prospect_id IS NULL AND session_id IS NULL`,
      ...person,
      submission.activityId,
    );
    return filled > 0;
  }

  /**
   * Not decided yet, and those whose campaign or session was not ready when they were decided, or whose session was
   * closed and is open again, oldest first.
   */
  undecided(): KnownSubmission[] {
    return this.#select(
      `WHERE session_id IS NULL AND outcome IS NULL
       UNION ALL
       SELECT * FROM submission WHERE outcome IN ('campaign_unlinked', 'session_not_published')
         AND EXISTS (SELECT 1 FROM session_link
           WHERE pardot_campaign_id IN (campaign_id, asset_campaign_id, inner_campaign_id))
       UNION ALL
       SELECT * FROM submission WHERE outcome IN ('session_ended', 'session_canceled', 'session_gone')
         AND EXISTS (SELECT 1 FROM session_link l JOIN session s ON s.id = l.session_id
           WHERE l.pardot_campaign_id IN (campaign_id, asset_campaign_id, inner_campaign_id)
             AND s.status IN ('upcoming', 'live') AND s.gone_at_ms IS NULL)
       ORDER BY activity_id`,
    );
  }

  /** Activities that no prospect was tied to when they were last read. */
  withoutProspect(): KnownSubmission[] {
    return this.#select(
      'WHERE prospect_id IS NULL AND session_id IS NULL AND outcome IS NULL ORDER BY activity_id',
    );
  }

  decide(activityId: number, decision: { sessionId: string } | { outcome: Outcome }, nowMs: number): void {
    const [sessionId, outcome] =
      'sessionId' in decision ? [decision.sessionId, null] : [null, decision.outcome];
    this.#db.run(
      'UPDATE submission SET session_id = ?, outcome = ?, decided_at_ms = ? WHERE activity_id = ?',
      sessionId,
      outcome,
      nowMs,
      activityId,
    );
  }

  /** Every submission that did not lead to a registration, by outcome. */
  countsByOutcome(): { outcome: Outcome | null; count: number }[] {
    return this.#db.all(
      'SELECT outcome, count(*) AS count FROM submission WHERE session_id IS NULL GROUP BY outcome ORDER BY outcome',
    );
  }

  /** Submissions that did not lead to a registration, for lists that people read. */
  unregistered(): KnownSubmission[] {
    return this.#select('WHERE session_id IS NULL ORDER BY activity_id');
  }

  #select(where: string, ...params: unknown[]): KnownSubmission[] {
    return this.#db.all<SubmissionRow>(`SELECT * FROM submission ${where}`, ...params).map((row) => ({
      ...row,
      prospectDeleted: row.prospectDeleted === 1,
      fields: row.fields ? JSON.parse(row.fields) : {},
    }));
  }
}
