-- People who were removed, and who takes over what they owned: work that goes on until nothing is left of it.
CREATE TABLE removals (
  tenant uuid NOT NULL,
  user_id uuid NOT NULL,
  -- Nobody, where they owned nothing that others share: it stays as it is until somebody takes it over.
  heir uuid,
  removed_by uuid NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  PRIMARY KEY (tenant, user_id)
);
CREATE INDEX removals_open ON removals (tenant, user_id) WHERE done_at IS NULL;

SELECT driftbox.isolate_tenant('removals');
