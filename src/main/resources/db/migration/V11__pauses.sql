-- Where nothing new is started; the blank namespace is all of them.
CREATE TABLE pauses (
  namespace text PRIMARY KEY,
  reason text NOT NULL,
  paused_by text NOT NULL,
  paused_at timestamptz NOT NULL DEFAULT now()
);
