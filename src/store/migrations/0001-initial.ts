export const initial = `
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A poller's stored progress. Written in the transaction that writes what the poller saw.
CREATE TABLE checkpoint (
  stream         TEXT PRIMARY KEY,
  cursor         TEXT NOT NULL,
  advanced_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last run of every job, for the status.
CREATE TABLE job_run (
  job            TEXT PRIMARY KEY,
  started_at_ms  INTEGER NOT NULL,
  finished_at_ms INTEGER NOT NULL,
  succeeded_at_ms INTEGER,
  counts         TEXT NOT NULL,
  problem        TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE governor (
  vendor TEXT PRIMARY KEY,
  saved  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Observations: Livestorm events and sessions.
CREATE TABLE event (
  id                    TEXT PRIMARY KEY,
  title                 TEXT NOT NULL,
  published             INTEGER NOT NULL,
  scheduling_status     TEXT NOT NULL,
  estimated_duration_ms INTEGER,
  fields                TEXT NOT NULL,
  seen_at_ms            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id                      TEXT PRIMARY KEY,
  event_id                TEXT NOT NULL,
  status                  TEXT NOT NULL,
  name                    TEXT,
  estimated_started_at_ms INTEGER,
  started_at_ms           INTEGER,
  ended_at_ms             INTEGER,
  canceled_at_ms          INTEGER,
  created_at_ms           INTEGER NOT NULL,
  updated_at_ms           INTEGER NOT NULL,
  registrants_count       INTEGER NOT NULL,
  is_breakout_room        INTEGER NOT NULL,
  first_seen_at_ms        INTEGER NOT NULL,
  seen_at_ms              INTEGER NOT NULL,
  -- When Livestorm answered 404 for it.
  gone_at_ms              INTEGER
) STRICT, WITHOUT ROWID;

-- Campaign and list of a session, tied by ids. The name is the one they were made with.
CREATE TABLE session_link (
  session_id             TEXT PRIMARY KEY REFERENCES session (id),
  name                   TEXT NOT NULL,
  created_at_ms          INTEGER NOT NULL,
  -- made: campaign and list are ours. existing: the configuration names a campaign that was there before.
  origin                 TEXT NOT NULL CHECK (origin IN ('made', 'existing')),
  salesforce_campaign_id TEXT,
  campaign_made_at_ms    INTEGER,
  pardot_campaign_id     INTEGER UNIQUE,
  mirrored_at_ms         INTEGER,
  list_id                INTEGER,
  listed_at_ms           INTEGER
) STRICT, WITHOUT ROWID;

-- Observations: successful submissions. Prospect, e-mail and fields stay as they were at first sight.
CREATE TABLE submission (
  activity_id       INTEGER PRIMARY KEY,
  created_at_ms     INTEGER NOT NULL,
  first_seen_at_ms  INTEGER NOT NULL,
  campaign_id       INTEGER,
  form_id           INTEGER,
  form_handler_id   INTEGER,
  landing_page_id   INTEGER,
  -- The campaign the form, form handler or landing page carried, and that of the form inside the landing page.
  asset_campaign_id INTEGER,
  inner_campaign_id INTEGER,
  asset_name        TEXT,
  prospect_id       INTEGER,
  prospect_deleted  INTEGER,
  email             TEXT,
  fields            TEXT,
  -- The decision: a session to register in, or an outcome without one. Both null: not decided yet.
  session_id        TEXT REFERENCES session (id),
  outcome           TEXT,
  decided_at_ms     INTEGER
) STRICT;
CREATE INDEX submission_undecided ON submission (activity_id) WHERE session_id IS NULL AND outcome IS NULL;
CREATE INDEX submission_waiting ON submission (activity_id)
  WHERE outcome IN ('campaign_unlinked', 'session_not_published');
CREATE INDEX submission_closed ON submission (activity_id)
  WHERE outcome IN ('session_ended', 'session_canceled', 'session_gone');
CREATE INDEX submission_session ON submission (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX submission_created ON submission (created_at_ms);

-- What we want registered: one person in one session, however often they submitted.
CREATE TABLE registration (
  session_id      TEXT NOT NULL REFERENCES session (id),
  email_key       TEXT NOT NULL,
  email           TEXT NOT NULL,
  activity_id     INTEGER NOT NULL,
  prospect_id     INTEGER,
  fields          TEXT NOT NULL,
  requested_at_ms INTEGER NOT NULL,
  decided_at_ms   INTEGER NOT NULL,
  outcome         TEXT,
  outcome_at_ms   INTEGER,
  detail          TEXT,
  person_id       TEXT,
  PRIMARY KEY (session_id, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX registration_closed ON registration (session_id)
  WHERE outcome IN ('session_ended', 'session_canceled', 'session_gone');

-- The prospect of somebody in a session, once it is known: the one who submitted, or the one found or made for them.
CREATE TABLE session_prospect (
  session_id   TEXT NOT NULL REFERENCES session (id),
  email_key    TEXT NOT NULL,
  email        TEXT NOT NULL,
  prospect_id  INTEGER NOT NULL,
  origin       TEXT NOT NULL CHECK (origin IN ('submission', 'found', 'created')),
  known_at_ms  INTEGER NOT NULL,
  PRIMARY KEY (session_id, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_prospect_prospect ON session_prospect (prospect_id);
CREATE INDEX session_prospect_email ON session_prospect (email_key);
CREATE INDEX session_prospect_known ON session_prospect (known_at_ms);

-- Observations: a session's people list as last read.
CREATE TABLE registrant (
  session_id           TEXT NOT NULL REFERENCES session (id),
  email_key            TEXT NOT NULL,
  person_id            TEXT NOT NULL,
  email                TEXT NOT NULL,
  role                 TEXT NOT NULL,
  is_guest_speaker     INTEGER NOT NULL,
  is_anonymous         INTEGER NOT NULL,
  registered_at_ms     INTEGER NOT NULL,
  -- What the person filled in, by Livestorm field id.
  fields               TEXT NOT NULL,
  attended             INTEGER NOT NULL,
  duration_seconds     INTEGER NOT NULL,
  attendance_rate      REAL,
  messages             INTEGER NOT NULL,
  questions            INTEGER NOT NULL,
  -- Complete reads in a row that said "not attended" of someone who was seen as attended.
  contradictions       INTEGER NOT NULL DEFAULT 0,
  replay_kind          TEXT CHECK (replay_kind IN ('replay', 'on_demand')),
  replay_watched_at_ms INTEGER,
  first_seen_at_ms     INTEGER NOT NULL,
  seen_at_ms           INTEGER NOT NULL,
  -- When a complete reading no longer had the person.
  gone_at_ms           INTEGER,
  PRIMARY KEY (session_id, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX registrant_email ON registrant (email_key);
CREATE INDEX registrant_seen ON registrant (seen_at_ms);

-- Every complete reading of an ended session's people.
CREATE TABLE attendance_pass (
  session_id  TEXT NOT NULL REFERENCES session (id),
  pass        INTEGER NOT NULL,
  read_at_ms  INTEGER NOT NULL,
  registrants INTEGER NOT NULL,
  changed     INTEGER NOT NULL,
  PRIMARY KEY (session_id, pass)
) STRICT, WITHOUT ROWID;

-- What we last wrote to a prospect, so that unchanged values are not written again.
CREATE TABLE prospect_fields (
  prospect_id   INTEGER PRIMARY KEY,
  session_id    TEXT NOT NULL,
  written       TEXT NOT NULL,
  written_at_ms INTEGER NOT NULL
) STRICT;

-- The outbox: every remote write, durable before it is sent.
CREATE TABLE effect (
  id                 INTEGER PRIMARY KEY,
  kind               TEXT NOT NULL,
  natural_key        TEXT NOT NULL,
  session_id         TEXT,
  email_key          TEXT,
  prospect_id        INTEGER,
  payload            TEXT NOT NULL,
  state              TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'unknown', 'parked', 'done', 'skipped', 'dead')),
  reason             TEXT,
  attempts           INTEGER NOT NULL,
  next_attempt_at_ms INTEGER NOT NULL,
  created_at_ms      INTEGER NOT NULL,
  sent_at_ms         INTEGER,
  finished_at_ms     INTEGER,
  problem            TEXT,
  -- The import that takes this effect along; it is not sent singly meanwhile.
  carried_by         INTEGER REFERENCES effect (id),
  UNIQUE (kind, natural_key)
) STRICT;
CREATE INDEX effect_due ON effect (kind, next_attempt_at_ms, id)
  WHERE state IN ('pending', 'unknown', 'parked') AND carried_by IS NULL;
CREATE INDEX effect_carried ON effect (carried_by) WHERE carried_by IS NOT NULL;
CREATE INDEX effect_carried_person ON effect (email_key, kind) WHERE carried_by IS NOT NULL;
CREATE INDEX effect_prospect ON effect (prospect_id) WHERE prospect_id IS NOT NULL;

-- Livestorm's bulk jobs under way. Their effects are 'sending' until the job is over.
CREATE TABLE registration_job (
  id              INTEGER PRIMARY KEY,
  session_id      TEXT NOT NULL REFERENCES session (id),
  -- In the order in which they were posted: a JSON array.
  effect_ids      TEXT NOT NULL,
  started_at_ms   INTEGER NOT NULL,
  -- Livestorm's id; null until the answer to the post is here.
  job_id          TEXT,
  polls           INTEGER NOT NULL DEFAULT 0,
  next_poll_at_ms INTEGER NOT NULL
) STRICT;
`;
