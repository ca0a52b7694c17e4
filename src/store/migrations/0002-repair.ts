export const repair = `
-- Flows that an admin has paused; 'all' stands for everything that is sent.
CREATE TABLE pause (
  flow     TEXT PRIMARY KEY CHECK (flow IN ('form_registrations', 'registrants', 'attendance', 'replays', 'all')),
  since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What admins have decided by command: when, about what and how many, and why. No addresses.
CREATE TABLE decision (
  id      INTEGER PRIMARY KEY,
  at_ms   INTEGER NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT NOT NULL,
  count   INTEGER NOT NULL,
  reason  TEXT
) STRICT;

-- A brake that was pulled. burst: one form brought too many people at once, and new ones are held until it ends.
-- change: a link, a published or a reopened session would register too many people of a session at once.
CREATE TABLE hold (
  id          INTEGER PRIMARY KEY,
  cause       TEXT NOT NULL CHECK (cause IN ('burst', 'change')),
  -- form:ID, form_handler:ID or landing_page:ID; null of a change.
  form        TEXT,
  session_id  TEXT REFERENCES session (id),
  reason      TEXT NOT NULL,
  begun_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  ending      TEXT CHECK (ending IN ('released', 'discarded'))
) STRICT;
ALTER TABLE registration ADD COLUMN hold_id INTEGER REFERENCES hold (id);
CREATE INDEX registration_held ON registration (hold_id) WHERE outcome = 'held';

-- Sessions from before activation that a backfill has taken in.
CREATE TABLE admitted_session (
  session_id TEXT PRIMARY KEY REFERENCES session (id),
  at_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX effect_dead ON effect (kind, id) WHERE state = 'dead';
`;
