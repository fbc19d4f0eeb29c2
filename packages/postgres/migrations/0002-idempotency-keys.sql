-- Answers already given, so that a request repeated with its key is answered and not done again. Kept for 24 hours.
CREATE TABLE idempotency_keys (
  tenant uuid NOT NULL,
  actor text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  answer jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, actor, route, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
SELECT driftbox.isolate_tenant('idempotency_keys');
