export const keeping = `
-- Who asked to be forgotten: a keyed hash of the address, so that reading the past again does not bring it back.
CREATE TABLE forgotten (
  person          TEXT PRIMARY KEY,
  forgotten_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions whose people were erased because of their age. What is left of them are numbers.
CREATE TABLE erased_session (
  session_id    TEXT PRIMARY KEY REFERENCES session (id),
  erased_at_ms  INTEGER NOT NULL,
  -- Outcome → how many registrations: a JSON object.
  registrations TEXT NOT NULL,
  registrants   INTEGER NOT NULL,
  attended      INTEGER NOT NULL,
  -- Null while rows are left.
  done_at_ms    INTEGER
) STRICT, WITHOUT ROWID;

-- Address of the form or landing page, as it was at first sight.
ALTER TABLE submission ADD COLUMN asset_url TEXT;

CREATE INDEX effect_session ON effect (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX effect_email ON effect (email_key) WHERE email_key IS NOT NULL;
`;
