-- Requests for runs (decision 45): one active a work item and slot, and one that waits for it.
CREATE TABLE work_item_runs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  namespace text NOT NULL,
  provider text NOT NULL,
  source_id text NOT NULL,
  slot text NOT NULL,
  request_key text NOT NULL,
  agent_name text NOT NULL,
  spec_name text NOT NULL,
  external_id text,
  source_version timestamptz,
  content_hash text,
  state text NOT NULL CHECK (state IN ('active', 'next', 'replaced', 'released', 'failed')),
  run_name text NOT NULL,
  run_uid text,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);

CREATE UNIQUE INDEX work_item_runs_active_idx ON work_item_runs (namespace, provider, source_id, slot)
  WHERE state = 'active';
CREATE UNIQUE INDEX work_item_runs_next_idx ON work_item_runs (namespace, provider, source_id, slot)
  WHERE state = 'next';
CREATE UNIQUE INDEX work_item_runs_request_idx
  ON work_item_runs (namespace, provider, source_id, slot, request_key);
CREATE INDEX work_item_runs_run_idx ON work_item_runs (namespace, run_name) WHERE state = 'active';
CREATE INDEX work_item_runs_unstarted_idx ON work_item_runs (created_at)
  WHERE state = 'active' AND run_uid IS NULL;
CREATE INDEX work_item_runs_running_idx ON work_item_runs (id)
  WHERE state = 'active' AND run_uid IS NOT NULL;
CREATE INDEX work_item_runs_finished_idx ON work_item_runs (finished_at);
