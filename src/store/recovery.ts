import type { Database } from './database.ts';
import { Holds } from './holds.ts';

/**
 * To be called on a state that is older than what the vendors have: a backup that is put back, or one that was made
 * anew. From now on whatever may have been done since is looked for before it is sent, and external activities of
 * before are not told any more, since they cannot be told apart from those that were.
 */
export function markRecovered(db: Database, nowMs: number): void {
  db.transaction(() => {
    for (const key of ['recovered_at_ms', 'activities_since_ms']) {
      db.run(
        'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        key,
        String(Math.floor(nowMs / 1000) * 1000),
      );
    }
    db.run(
      `UPDATE effect SET state = 'unknown', next_attempt_at_ms = ?
       WHERE state IN ('pending', 'parked', 'sending') AND carried_by IS NULL
         AND kind IN ('livestorm_registration', 'livestorm_backfill', 'external_activity', 'pardot_list',
           'salesforce_campaign')`,
      nowMs,
    );
    db.run('DELETE FROM registration_job');
  });
}

interface Request {
  readonly sessionId: string;
  readonly emailKey: string;
  readonly activityId: number;
}

const ON_THE_WAY = "(outcome IS NULL OR outcome IN ('quota_parked', 'auth_parked'))";
const UNLISTED = `NOT EXISTS (SELECT 1 FROM registrant p
  WHERE p.session_id = r.session_id AND p.email_key = r.email_key AND p.gone_at_ms IS NULL)`;

/**
 * Whoever submitted and is not in the people list was not registered yet, or was and has left since, by themselves or
 * moved by an admin: nobody can tell, so an admin decides. Returns how many are held.
 */
export function holdRequests(db: Database, nowMs: number): number {
  return db.transaction(() => {
    const requests = db.all<Request>(
      `SELECT session_id, email_key, activity_id FROM registration r WHERE ${ON_THE_WAY} AND ${UNLISTED}`,
    );
    const holds = new Holds(db);
    for (const [sessionId, people] of Map.groupBy(requests, (request) => request.sessionId)) {
      const reason = 'submitted before the state was recovered, and not in the people list';
      const holdId = holds.begin({ cause: 'change', form: null, sessionId, reason }, nowMs);
      for (const person of people) {
        forgetRequest(db, person);
        holds.hold(person, holdId, nowMs);
      }
    }
    return requests.length;
  });
}

/**
 * Whoever submitted before the state was lost, and is not in the people list, was dealt with then: unregistered since,
 * or never to be registered. They are not registered anew. Returns how many they were.
 */
export function discardRequestsBefore(db: Database, lostAtMs: number, nowMs: number): number {
  return db.transaction(() => {
    const requests = db.all<Request>(
      `SELECT session_id, email_key, activity_id FROM registration r
       WHERE (${ON_THE_WAY} OR outcome = 'held') AND requested_at_ms < ? AND ${UNLISTED}`,
      lostAtMs,
    );
    for (const request of requests) {
      forgetRequest(db, request);
      const { sessionId, emailKey, activityId } = request;
      db.run('DELETE FROM registration WHERE session_id = ? AND email_key = ?', sessionId, emailKey);
      db.run(
        "UPDATE submission SET session_id = NULL, outcome = 'discarded', decided_at_ms = ? WHERE activity_id = ?",
        nowMs,
        activityId,
      );
    }
    db.run(
      `UPDATE hold SET ended_at_ms = ?, ending = 'discarded' WHERE cause = 'change' AND ended_at_ms IS NULL
         AND id NOT IN (SELECT hold_id FROM registration WHERE outcome = 'held' AND hold_id IS NOT NULL)`,
      nowMs,
    );
    return requests.length;
  });
}

function forgetRequest(db: Database, { sessionId, emailKey }: Request): void {
  db.run(
    "DELETE FROM effect WHERE kind IN ('livestorm_registration', 'livestorm_backfill') AND natural_key = ?",
    `${sessionId}/${emailKey}`,
  );
}
