-- What the seed's tables lack: whose the row is, what finds it, and what makes an audit row unique.
ALTER TABLE agent_runs ADD COLUMN IF NOT EXISTS namespace text, ADD COLUMN IF NOT EXISTS resource_uid text;
ALTER TABLE memory_resources ADD COLUMN IF NOT EXISTS namespace text, ADD COLUMN IF NOT EXISTS resource_uid text;
ALTER TABLE orchestration_runs ADD COLUMN IF NOT EXISTS namespace text, ADD COLUMN IF NOT EXISTS resource_uid text;

CREATE UNIQUE INDEX agent_runs_resource_uid_idx ON agent_runs (resource_uid);
CREATE INDEX agent_runs_external_run_id_idx ON agent_runs (external_run_id);
CREATE INDEX agent_runs_created_at_idx ON agent_runs (created_at, id);
CREATE INDEX agent_runs_agent_name_idx ON agent_runs (agent_name, created_at, id);

CREATE UNIQUE INDEX memory_resources_name_idx ON memory_resources (namespace, memory_name);
CREATE INDEX memory_resources_resource_uid_idx ON memory_resources (resource_uid);

CREATE UNIQUE INDEX orchestration_runs_resource_uid_idx ON orchestration_runs (resource_uid);
CREATE INDEX orchestration_runs_external_run_id_idx ON orchestration_runs (external_run_id);
CREATE INDEX orchestration_runs_created_at_idx ON orchestration_runs (created_at, id);

ALTER TABLE audit_events ADD COLUMN IF NOT EXISTS dedupe_key text;
CREATE UNIQUE INDEX audit_events_dedupe_key_idx ON audit_events (dedupe_key);
CREATE INDEX audit_events_entity_idx ON audit_events (entity_type, entity_id, created_at);
CREATE INDEX audit_events_type_idx ON audit_events (event_type, created_at);
