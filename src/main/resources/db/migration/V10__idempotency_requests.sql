-- What was asked for with an Idempotency-Key, and what was answered (bars.md 4). The answer is kept as the text that
-- was sent: jsonb would refuse some of what JSON allows.
CREATE TABLE idempotency_requests (
  namespace text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  principal text NOT NULL,
  state text NOT NULL DEFAULT 'in_progress' CHECK (state IN ('in_progress', 'done')),
  owner uuid NOT NULL,
  deadline timestamptz NOT NULL,
  status_code int,
  response json,
  location text,
  namespaces text[] NOT NULL DEFAULT '{}',
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (namespace, route, key)
);
-- A key is one namespace's, as agent_runs.delivery_id is.
CREATE UNIQUE INDEX idempotency_requests_key_idx ON idempotency_requests (route, key);
CREATE INDEX idempotency_requests_expiry_idx ON idempotency_requests (expires_at);
