import type { FieldValue, Outcome, Submission } from '../domain.ts';
import type { Database } from './database.ts';
import { Forgotten } from './forgotten.ts';

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
  /** Where the form or landing page is; null for a form handler, and for what was read by an older version. */
  readonly assetUrl: string | null;
  readonly prospectId: number | null;
  readonly prospectDeleted: boolean;
  readonly email: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly sessionId: string | null;
  readonly outcome: Outcome | null;
}

/** What was submitted, as admins name it: `form:ID`, `form_handler:ID` or `landing_page:ID`. */
export function formOf({
  formId,
  formHandlerId,
  landingPageId,
}: Pick<KnownSubmission, 'formId' | 'formHandlerId' | 'landingPageId'>): string | null {
  if (formId !== null) return `form:${formId}`;
  if (formHandlerId !== null) return `form_handler:${formHandlerId}`;
  return landingPageId === null ? null : `landing_page:${landingPageId}`;
}

/** What Account Engagement tells, as the state would have it at first sight. */
export function atFirstSight(
  read: Submission,
  innerCampaignId: number | null,
  nowMs: number,
): KnownSubmission {
  const { prospect, ...submission } = read;
  // A prospect whose row cannot be seen comes without an address: as good as none.
  const seen = prospect?.email === null && !prospect.isDeleted ? null : prospect;
  return {
    ...submission,
    firstSeenAtMs: nowMs,
    innerCampaignId,
    prospectId: seen?.id ?? null,
    prospectDeleted: seen?.isDeleted ?? false,
    email: seen?.email ?? null,
    fields: seen?.fields ?? {},
    sessionId: null,
    outcome: null,
  };
}

/** `formOf` in SQL. */
export const FORM = `CASE WHEN form_id IS NOT NULL THEN 'form:' || form_id
  WHEN form_handler_id IS NOT NULL THEN 'form_handler:' || form_handler_id
  ELSE 'landing_page:' || landing_page_id END`;

interface SubmissionRow extends Omit<KnownSubmission, 'prospectDeleted' | 'fields'> {
  prospectDeleted: number | null;
  fields: string | null;
}

export class Submissions {
  readonly #db: Database;
  readonly #forgotten: Forgotten;

  constructor(db: Database) {
    this.#db = db;
    this.#forgotten = new Forgotten(db);
  }

  get(activityId: number): KnownSubmission | undefined {
    return this.#select('WHERE activity_id = ?', activityId)[0];
  }

  /**
   * First sight freezes campaign, prospect and e-mail. Later sights only fill in a prospect that was missing. Of
   * somebody who was forgotten since only the activity itself is kept, so that it is known when it comes again.
   * Returns true when this told something new.
   */
  observe(submission: Submission, innerCampaignId: number | null, nowMs: number): boolean {
    const { prospect } = submission;
    const isForgotten = this.#forgotten.covers(prospect?.email ?? '', submission.createdAtMs);
    const outcome: Outcome | null = isForgotten ? 'forgotten' : null;
    const person =
      prospect && !isForgotten
        ? [prospect.id, Number(prospect.isDeleted), prospect.email, JSON.stringify(prospect.fields)]
        : [null, null, null, null];
    const inserted = this.#db.run(
      `INSERT INTO submission (activity_id, created_at_ms, first_seen_at_ms, campaign_id, form_id, form_handler_id,
         landing_page_id, asset_campaign_id, inner_campaign_id, asset_name, asset_url, prospect_id, prospect_deleted,
         email, fields, outcome)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
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
      submission.assetUrl,
      ...person,
      outcome,
    );
    if (inserted > 0 || !prospect) return inserted > 0;
    const filled = this.#db.run(
      `UPDATE submission SET prospect_id = ?, prospect_deleted = ?, email = ?, fields = ?, outcome = ?
       WHERE activity_id = ? AND prospect_id IS NULL AND session_id IS NULL AND outcome IS NOT 'forgotten'`,
      ...person,
      outcome,
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
       SELECT * FROM submission WHERE activity_id IN (
         SELECT activity_id FROM session_link CROSS JOIN submission ON campaign_id = pardot_campaign_id
           WHERE outcome IN ('campaign_unlinked', 'session_not_published')
         UNION ALL
         SELECT activity_id FROM session_link CROSS JOIN submission ON asset_campaign_id = pardot_campaign_id
           WHERE outcome IN ('campaign_unlinked', 'session_not_published') AND asset_campaign_id IS NOT campaign_id
         UNION ALL
         SELECT activity_id FROM session_link CROSS JOIN submission ON inner_campaign_id = pardot_campaign_id
           WHERE outcome IN ('campaign_unlinked', 'session_not_published') AND inner_campaign_id IS NOT NULL)
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
    return readSubmissions(this.#db, where, ...params);
  }
}

/** For the files of this folder. */
export function readSubmissions(db: Database, where: string, ...params: unknown[]): KnownSubmission[] {
  return db.all<SubmissionRow>(`SELECT * FROM submission ${where}`, ...params).map((row) => ({
    ...row,
    prospectDeleted: row.prospectDeleted === 1,
    fields: row.fields ? JSON.parse(row.fields) : {},
  }));
}
