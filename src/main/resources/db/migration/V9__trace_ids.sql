-- What the work is followed by, so that a run that is created late or by another process carries it too.
ALTER TABLE work_item_runs ADD COLUMN trace_id text;
