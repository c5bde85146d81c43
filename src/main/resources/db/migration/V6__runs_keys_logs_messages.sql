-- Who owns an idempotency key (agentrun.md 2.9).
CREATE TABLE agent_run_idempotency_keys (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  namespace text NOT NULL,
  agent_name text NOT NULL,
  idempotency_key text NOT NULL,
  agent_run_name text NOT NULL,
  agent_run_uid text NOT NULL,
  terminal_phase text,
  terminal_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX agent_run_idempotency_keys_scope_idx
  ON agent_run_idempotency_keys (namespace, agent_name, idempotency_key);
CREATE INDEX agent_run_idempotency_keys_uid_idx ON agent_run_idempotency_keys (agent_run_uid);
CREATE INDEX agent_run_idempotency_keys_terminal_idx ON agent_run_idempotency_keys (terminal_at);

-- The end of a run's log, kept at the harvest, before its pod can go (decision 39).
CREATE TABLE agent_run_logs (
  resource_uid text PRIMARY KEY,
  log text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX agent_run_logs_created_at_idx ON agent_run_logs (created_at);

-- What idempotent consumers have done (decision 41).
CREATE TABLE processed_messages (
  processor text NOT NULL,
  message_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  PRIMARY KEY (processor, message_id)
);
CREATE INDEX processed_messages_created_at_idx ON processed_messages (created_at);
