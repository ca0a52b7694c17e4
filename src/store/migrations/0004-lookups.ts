export const lookups = `
-- When anything of a session last changed is asked every ten seconds, for every session.
CREATE INDEX registrant_latest ON registrant (session_id, seen_at_ms);
CREATE INDEX registrant_gone ON registrant (session_id, gone_at_ms) WHERE gone_at_ms IS NOT NULL;
CREATE INDEX session_prospect_latest ON session_prospect (session_id, known_at_ms);
CREATE INDEX registration_latest ON registration (session_id, outcome_at_ms);

-- Whatever a stop left on its way is looked for at every run.
CREATE INDEX effect_sending ON effect (kind) WHERE state = 'sending';

-- Most submissions belong to no session, ever: found from the links, not by going through all of them.
DROP INDEX submission_waiting;
CREATE INDEX submission_waiting ON submission (campaign_id)
  WHERE outcome IN ('campaign_unlinked', 'session_not_published');
CREATE INDEX submission_waiting_asset ON submission (asset_campaign_id)
  WHERE outcome IN ('campaign_unlinked', 'session_not_published') AND asset_campaign_id IS NOT campaign_id;
CREATE INDEX submission_waiting_inner ON submission (inner_campaign_id)
  WHERE outcome IN ('campaign_unlinked', 'session_not_published') AND inner_campaign_id IS NOT NULL;

-- For whoever looks on: counts of the outbox, and registrations by time.
CREATE INDEX effect_counts ON effect (kind, state, reason);
CREATE INDEX registration_requested ON registration (requested_at_ms);
`;
