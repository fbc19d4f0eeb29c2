-- Lines that are to be mailed, or were: those of one person that are due go as one mail.
CREATE TABLE mails (
  tenant uuid NOT NULL,
  mail_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The event that it tells of: one that comes again is mailed once.
  event_id text NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- When it was sent, or given up.
  done_at timestamptz,
  PRIMARY KEY (tenant, mail_id)
);
CREATE UNIQUE INDEX mails_event ON mails (tenant, user_id, event_id);
CREATE INDEX mails_of_person ON mails (tenant, user_id, mail_id) WHERE done_at IS NULL;
CREATE INDEX mails_due ON mails (due_at) WHERE done_at IS NULL;
CREATE INDEX mails_age ON mails (tenant, created_at);
SELECT driftbox.isolate_tenant('mails');

-- Whom something is to be mailed, by name alone: background work then does everything as their tenant.
CREATE POLICY walk ON mails FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION people_due(now timestamptz, most integer) RETURNS TABLE (tenant uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  SELECT m.tenant, m.user_id FROM mails m WHERE m.due_at <= now AND m.done_at IS NULL GROUP BY m.tenant, m.user_id ORDER BY min(m.due_at) LIMIT most
$$;
REVOKE ALL ON FUNCTION people_due FROM PUBLIC;

-- Tenants with mails alone are looked after as well.
CREATE OR REPLACE FUNCTION tenants_after(last uuid, most integer) RETURNS TABLE (tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  SELECT i.tenant FROM inboxes i WHERE last IS NULL OR i.tenant > last
  UNION SELECT w.tenant FROM webhooks w WHERE last IS NULL OR w.tenant > last
  UNION SELECT m.tenant FROM mails m WHERE last IS NULL OR m.tenant > last
  ORDER BY tenant LIMIT most
$$;
