export const unpublished = `
-- Refused because the session was not published (any more): registered once it is.
DROP INDEX registration_closed;
CREATE INDEX registration_closed ON registration (session_id)
  WHERE outcome IN ('session_ended', 'session_canceled', 'session_gone', 'session_not_published');
`;
