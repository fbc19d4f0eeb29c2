-- What people are told. Every table is closed by row-level security.

CREATE TABLE notifications (
  tenant uuid NOT NULL,
  notification_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The event that it tells of: one that comes again is told once.
  event_id text NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL,
  at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (tenant, notification_id)
);
CREATE UNIQUE INDEX notifications_event ON notifications (tenant, user_id, event_id);
CREATE INDEX notifications_inbox ON notifications (tenant, user_id, notification_id);
CREATE INDEX notifications_unread ON notifications (tenant, user_id, notification_id) WHERE read_at IS NULL;
CREATE INDEX notifications_age ON notifications (tenant, at);

-- How many of a person's notifications are unread. Its row is locked by whatever changes that, so that the counts that are
-- sent to sockets come in the order in which they were true.
CREATE TABLE inboxes (
  tenant uuid NOT NULL,
  user_id uuid NOT NULL,
  unread integer NOT NULL CHECK (unread >= 0),
  PRIMARY KEY (tenant, user_id)
);

CREATE TABLE preferences (
  tenant uuid NOT NULL,
  user_id uuid NOT NULL,
  -- Only what the person has said: defaults may change.
  changes jsonb NOT NULL,
  PRIMARY KEY (tenant, user_id)
);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['notifications', 'inboxes', 'preferences']::regclass[]) t;

-- The one list of tenants that background work goes through; everything it then does is done as that tenant.
CREATE POLICY walk ON inboxes FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION tenants_after(last uuid, most integer) RETURNS TABLE (tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  SELECT DISTINCT i.tenant FROM inboxes i WHERE last IS NULL OR i.tenant > last ORDER BY i.tenant LIMIT most
$$;
REVOKE ALL ON FUNCTION tenants_after FROM PUBLIC;
