-- The step that made the fact true, as W3C Trace Context writes it: whoever publishes the event and whoever hears it go on in that
-- trace. Null where nothing is traced, and for what the version before appends.
ALTER TABLE outbox ADD COLUMN traceparent text;
