-- Facts written in the transaction that made them true, waiting to be published. Ids are not commit order: the relay
-- takes whatever is there, in id order, and deletes what the bus has acknowledged.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant uuid NOT NULL,
  event_id uuid NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  type text NOT NULL,
  subject text,
  data jsonb NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT driftbox.isolate_tenant('outbox');

-- Who relays. `fence` grows with every new holder; a holder that has lost its lease cannot delete.
CREATE TABLE outbox_lease (
  key_range integer PRIMARY KEY,
  holder uuid NOT NULL,
  fence bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
