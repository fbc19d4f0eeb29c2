-- Addresses that events are sent to, and what is on its way to them.

CREATE TABLE webhooks (
  tenant uuid NOT NULL,
  webhook_id uuid NOT NULL,
  owner uuid NOT NULL,
  url text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('own', 'drive', 'tenant')),
  drive_id uuid CHECK ((drive_id IS NOT NULL) = (scope = 'drive')),
  types text[] NOT NULL,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'disabled')),
  -- Its secret is derived from its id and this: nothing that signs is stored.
  generation integer NOT NULL DEFAULT 1,
  rotated_at timestamptz,
  created_at timestamptz NOT NULL,
  failing_since timestamptz,
  -- Failures in a row: how long the next try waits.
  failures integer NOT NULL DEFAULT 0,
  -- Deliveries that wait, counted under this row's lock.
  waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  -- When its oldest delivery is to be tried; nothing waits where there is none. Whoever tries moves it on first.
  due_at timestamptz,
  PRIMARY KEY (tenant, webhook_id)
);
CREATE INDEX webhooks_owner ON webhooks (tenant, owner, webhook_id);
CREATE INDEX webhooks_due ON webhooks (due_at) WHERE due_at IS NOT NULL AND state = 'active';

CREATE TABLE deliveries (
  tenant uuid NOT NULL,
  delivery_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  -- The order in which they are sent; that of a drive's events is the order in which they are heard.
  place bigint GENERATED ALWAYS AS IDENTITY,
  event_id text NOT NULL,
  type text NOT NULL,
  event jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dropped')),
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz,
  last_status integer,
  last_error text,
  PRIMARY KEY (tenant, delivery_id),
  FOREIGN KEY (tenant, webhook_id) REFERENCES webhooks (tenant, webhook_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX deliveries_event ON deliveries (tenant, webhook_id, event_id);
CREATE INDEX deliveries_list ON deliveries (tenant, webhook_id, delivery_id);
CREATE INDEX deliveries_waiting ON deliveries (tenant, webhook_id, place) WHERE state = 'waiting';
CREATE INDEX deliveries_age ON deliveries (tenant, created_at);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['webhooks', 'deliveries']::regclass[]) t;

-- What is due, by name alone: background work then does everything as its tenant.
CREATE POLICY walk ON webhooks FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION webhooks_due(now timestamptz, most integer) RETURNS TABLE (tenant uuid, webhook_id uuid, failing boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  (SELECT w.tenant, w.webhook_id, false FROM webhooks w
   WHERE w.due_at <= now AND w.state = 'active' AND w.failing_since IS NULL ORDER BY w.due_at LIMIT most)
  UNION ALL
  (SELECT w.tenant, w.webhook_id, true FROM webhooks w
   WHERE w.due_at <= now AND w.state = 'active' AND w.failing_since IS NOT NULL ORDER BY w.due_at LIMIT most)
$$;
REVOKE ALL ON FUNCTION webhooks_due FROM PUBLIC;

-- Tenants with webhooks alone are looked after as well.
CREATE OR REPLACE FUNCTION tenants_after(last uuid, most integer) RETURNS TABLE (tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  SELECT i.tenant FROM inboxes i WHERE last IS NULL OR i.tenant > last
  UNION SELECT w.tenant FROM webhooks w WHERE last IS NULL OR w.tenant > last
  ORDER BY tenant LIMIT most
$$;
