import type { Database } from './database.ts';
import type { EffectKind } from './effect.ts';
import { Forgotten } from './forgotten.ts';
import { likePattern, withoutAddress } from './mentions.ts';

/** What was erased, and where else the person is. */
export interface Erasure {
  /** Table → rows. */
  readonly rows: Readonly<Record<string, number>>;
  /** Work that had not been sent and never will be. */
  readonly canceled: number;
  readonly prospectIds: readonly number[];
  readonly sessionIds: readonly string[];
}

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Requests about the person that may be on their way at this moment: what they bring back must be taken first. */
export function workUnderWay(db: Database, key: string, nowMs: number): EffectKind[] {
  const rows = db.all<{ kind: EffectKind }>(
    `SELECT DISTINCT kind FROM effect
     WHERE (state = 'sending' OR (state = 'unknown' AND next_attempt_at_ms <= @nowMs))
       AND (email_key = @key
         OR id IN (SELECT carried_by FROM effect WHERE email_key = @key AND carried_by IS NOT NULL))`,
    { key, nowMs },
  );
  return rows.map(({ kind }) => kind);
}

/**
 * Erases one address from every table, in one transaction: rows of the person go, submissions keep their activity
 * alone. Tables are found by their columns, so that none is missed that is added later. Deleted bytes are overwritten;
 * the write-ahead log still has to be emptied.
 */
export function erasePerson(db: Database, key: string, nowMs: number): Erasure {
  return db.transaction(() => {
    const prospectIds = prospectsOf(db, key);
    const sessionIds = sessionsOf(db, key);
    const canceled = openEffects(db, key);
    new Forgotten(db).remember(key, nowMs);
    leaveImports(db, key);
    const rows: Record<string, number> = {};
    rows.submission = blankSubmissions(db, key, nowMs);
    for (const table of tablesWith(db, 'email_key')) {
      rows[table] = db.run(`DELETE FROM "${table}" WHERE email_key = ?`, key);
    }
    const ids = JSON.stringify(prospectIds);
    rows.effect =
      (rows.effect ?? 0) +
      db.run(
        'DELETE FROM effect WHERE email_key IS NULL AND prospect_id IN (SELECT value FROM json_each(?))',
        ids,
      );
    rows.prospect_fields = db.run(
      'DELETE FROM prospect_fields WHERE prospect_id IN (SELECT value FROM json_each(?))',
      ids,
    );
    return { rows: withoutZeros(rows), canceled, prospectIds, sessionIds };
  });
}

/**
 * Erases whoever another, newer state of this installation has forgotten, and remembers them as it does. Returns how
 * many were found.
 */
export function eraseForgottenBy(db: Database, newer: Forgotten): number {
  const here = new Forgotten(db);
  const keys = addressesIn(db).filter((key) => {
    const atMs = newer.forgottenAtMs(key);
    return atMs !== undefined && atMs > (here.forgottenAtMs(key) ?? Number.NEGATIVE_INFINITY);
  });
  here.takeFrom(newer);
  for (const key of keys) {
    erasePerson(db, key, newer.forgottenAtMs(key) ?? 0);
    replaceMentions(db, key);
  }
  return keys.length;
}

function addressesIn(db: Database): string[] {
  const selects = tablesWith(db, 'email_key').map((table) => `SELECT email_key AS key FROM "${table}"`);
  const all = ['SELECT email_key(email) AS key FROM submission', ...selects].join(' UNION ');
  return db.all<{ key: string | null }>(all).flatMap(({ key }) => key ?? []);
}

function prospectsOf(db: Database, key: string): number[] {
  const rows = db.all<{ prospectId: number }>(
    `SELECT prospect_id FROM session_prospect WHERE email_key = @key
     UNION SELECT prospect_id FROM registration WHERE email_key = @key AND prospect_id IS NOT NULL
     UNION SELECT prospect_id FROM submission
       WHERE prospect_id IS NOT NULL AND email_key(email) = @key
     ORDER BY 1`,
    { key },
  );
  return rows.map(({ prospectId }) => prospectId);
}

function sessionsOf(db: Database, key: string): string[] {
  const rows = db.all<{ sessionId: string }>(
    `SELECT session_id FROM registrant WHERE email_key = @key
     UNION SELECT session_id FROM registration WHERE email_key = @key
     UNION SELECT session_id FROM session_prospect WHERE email_key = @key ORDER BY 1`,
    { key },
  );
  return rows.map(({ sessionId }) => sessionId);
}

/** An import that holds the person at the vendor and has not been started is made anew, with the others. */
function leaveImports(db: Database, key: string): void {
  db.run(
    `UPDATE effect SET payload = '{"step":"create"}'
     WHERE id IN (SELECT carried_by FROM effect WHERE email_key = ? AND carried_by IS NOT NULL)
       AND json_extract(payload, '$.step') = 'submit'`,
    key,
  );
}

function openEffects(db: Database, key: string): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count FROM effect
     WHERE email_key = ? AND state IN ('pending', 'sending', 'unknown', 'parked')`,
    key,
  );
  return row?.count ?? 0;
}

function blankSubmissions(db: Database, key: string, nowMs: number): number {
  return db.run(
    `UPDATE submission SET prospect_id = NULL, prospect_deleted = NULL, email = NULL, fields = NULL, session_id = NULL,
       outcome = 'forgotten', decided_at_ms = ? WHERE email_key(email) = ?`,
    nowMs,
    key,
  );
}

/**
 * Takes the address out of texts of others: what somebody wrote into a form, an error that repeats it. Returns how many
 * there were. Apart from `erasePerson`, since it searches everything and is not to hold up whoever writes meanwhile.
 */
export function replaceMentions(db: Database, key: string): number {
  const pattern = likePattern(key);
  let count = 0;
  for (const { table, column } of columns(db).filter(({ type }) => type === 'TEXT')) {
    const found = `SELECT DISTINCT "${column}" AS text FROM "${table}" WHERE "${column}" LIKE ?`;
    for (const { text } of db.all<{ text: string }>(found, pattern)) {
      const without = withoutAddress(text, key);
      if (without === text) continue;
      count += db.run(`UPDATE "${table}" SET "${column}" = ? WHERE "${column}" = ?`, without, text);
    }
  }
  return count;
}

/** Every table with a column of this name. */
export function tablesWith(db: Database, column: string): string[] {
  return columns(db)
    .filter((found) => found.column === column)
    .map(({ table }) => table);
}

function columns(db: Database): Column[] {
  return db.all(
    `SELECT t.name AS "table", c.name AS "column", c.type FROM sqlite_schema t, pragma_table_info(t.name) c
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`,
  );
}

function withoutZeros(rows: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(rows).filter(([, count]) => count > 0));
}
