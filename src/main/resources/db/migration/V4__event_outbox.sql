-- Events on their way to routes (decision 33): a row per event and subscription, so that one that
-- fails holds back only itself.
CREATE TABLE event_subscriptions (
  subscription text PRIMARY KEY,
  types text[] NOT NULL, -- empty means all
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE event_outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_key text NOT NULL,
  type text NOT NULL,
  subscription text NOT NULL,
  object_uid text NOT NULL,
  body jsonb NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'processing', 'done', 'dead')),
  attempts int NOT NULL DEFAULT 0, -- answers that were a no
  retries int NOT NULL DEFAULT 0,  -- all that came back: what the delay grows by
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  lease_owner text,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  error text
);

CREATE UNIQUE INDEX event_outbox_once_idx ON event_outbox (event_key, type, subscription);
CREATE INDEX event_outbox_open_idx ON event_outbox (subscription, seq)
  WHERE state IN ('queued', 'processing');
CREATE INDEX event_outbox_object_idx ON event_outbox (subscription, object_uid, seq)
  WHERE state IN ('queued', 'processing');
CREATE INDEX event_outbox_done_idx ON event_outbox (state, finished_at);
