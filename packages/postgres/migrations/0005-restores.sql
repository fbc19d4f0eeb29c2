-- The restore that a tenant's rows come from, or came from last. While `ended_at` is empty what is there is half of something.
CREATE TABLE restores (
  tenant uuid PRIMARY KEY,
  restore_id uuid NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  -- When the tables were empty, so that rows may come.
  emptied_at timestamptz,
  ended_at timestamptz
);
SELECT driftbox.isolate_tenant('restores');
