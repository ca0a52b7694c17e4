import type { Database } from './database.ts';
import { FORM, type KnownSubmission, readSubmissions } from './submissions.ts';

/** What came through one form, form handler or landing page. */
export interface FormTraffic {
  /** `form:ID`, `form_handler:ID` or `landing_page:ID`. */
  readonly form: string;
  readonly submissions: number;
  readonly last: KnownSubmission;
  /** Sessions that it ever led to. */
  readonly sessionIds: readonly string[];
}

/** Everything that was ever submitted, by form. */
export function formTraffic(db: Database): FormTraffic[] {
  const rows = db.all<{ form: string; submissions: number; lastId: number; sessionIds: string }>(
    `SELECT ${FORM} AS form, count(*) AS submissions, max(activity_id) AS last_id,
       json_group_array(DISTINCT session_id) FILTER (WHERE session_id IS NOT NULL) AS session_ids
     FROM submission WHERE coalesce(form_id, form_handler_id, landing_page_id) IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  return rows.flatMap(({ form, submissions, lastId, sessionIds }) => {
    const [last] = readSubmissions(db, 'WHERE activity_id = ?', lastId);
    return last ? [{ form, submissions, last, sessionIds: JSON.parse(sessionIds) }] : [];
  });
}

/** How many came through the form since. */
export function submissionsSince(db: Database, form: string, sinceMs: number): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count FROM submission WHERE ${FORM} = ? AND created_at_ms > ?`,
    form,
    sinceMs,
  );
  return row?.count ?? 0;
}

/** The newest ones of a form with a prospect. */
export function latestSubmissions(db: Database, form: string, limit: number): KnownSubmission[] {
  return readSubmissions(
    db,
    `WHERE ${FORM} = ? AND prospect_id IS NOT NULL ORDER BY activity_id DESC LIMIT ?`,
    form,
    limit,
  );
}

/** How many of any form were read that are not older. */
export function submissionsReadSince(db: Database, sinceMs: number): number {
  const row = db.get<{ count: number }>(
    'SELECT count(*) AS count FROM submission WHERE created_at_ms >= ?',
    sinceMs,
  );
  return row?.count ?? 0;
}
