-- Old audit rows are found by their age alone.
CREATE INDEX audit_events_created_at_idx ON audit_events (created_at);
