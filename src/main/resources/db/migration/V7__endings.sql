-- How an item ended before its first live state was seen (integrations-and-helm.md 1.10): asked once a new item.
CREATE INDEX deliveries_endings_idx ON implementation_source_deliveries (namespace, provider, external_id)
  WHERE payload ->> 'state' IN ('closed', 'deleted', 'transferred', 'out-of-scope');
