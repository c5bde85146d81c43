-- Labels that Jangar has put on an issue itself: they start nothing there.
CREATE TABLE own_labels (
  namespace text NOT NULL,
  source_id text NOT NULL,
  label text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (namespace, source_id, label)
);
