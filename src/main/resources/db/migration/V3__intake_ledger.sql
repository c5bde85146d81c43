-- The intake ledger (integrations-and-helm.md 1.8): a committed row is what a 2xx promises.
CREATE TABLE implementation_source_deliveries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source_uid text NOT NULL,
  namespace text NOT NULL,
  source_name text NOT NULL,
  provider text NOT NULL,
  delivery_id text,
  idempotency_key text NOT NULL,
  body_sha256 text,
  event text,
  action text,
  external_id text, -- absent where a delivery did not say what it is about; such a row has failed
  source_version timestamptz,
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'processing', 'synced', 'ignored', 'stale', 'failed')),
  attempts int NOT NULL DEFAULT 0, -- answers that were a no
  retries int NOT NULL DEFAULT 0,  -- all tries that are over: what the delay grows by
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  lease_owner text,
  lease_until timestamptz,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz,
  error text
);

CREATE UNIQUE INDEX deliveries_key_idx ON implementation_source_deliveries (source_uid, idempotency_key);
CREATE UNIQUE INDEX deliveries_body_idx ON implementation_source_deliveries (source_uid, body_sha256);
CREATE INDEX deliveries_open_idx ON implementation_source_deliveries (received_at, id)
  WHERE state IN ('queued', 'processing');
CREATE INDEX deliveries_queued_idx ON implementation_source_deliveries (id) WHERE state = 'queued';
CREATE INDEX deliveries_in_work_idx ON implementation_source_deliveries (namespace, provider, external_id)
  WHERE state = 'processing';
CREATE INDEX deliveries_last_idx ON implementation_source_deliveries (source_uid, processed_at DESC);
CREATE INDEX deliveries_done_idx ON implementation_source_deliveries (state, processed_at);
