-- What waits, counted over all tenants for a metric: no more is told than numbers, and no more than `most` rows are looked at.

-- When a mail was to go at first: `due_at` moves on with every try.
ALTER TABLE mails ADD COLUMN first_due_at timestamptz;
CREATE INDEX mails_late ON mails (first_due_at) WHERE done_at IS NULL;
CREATE FUNCTION mails_late(now timestamptz, most integer) RETURNS TABLE (waiting bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  SELECT count(*), min(m.first_due_at)
  FROM (SELECT first_due_at FROM mails WHERE done_at IS NULL AND first_due_at <= now ORDER BY first_due_at LIMIT most) m
$$;
REVOKE ALL ON FUNCTION mails_late FROM PUBLIC;

CREATE FUNCTION deliveries_waiting(most integer) RETURNS TABLE (failing boolean, waiting bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = notification, driftbox, pg_temp AS $$
  SELECT w.failing_since IS NOT NULL, sum(w.waiting), min(w.due_at)
  FROM (
    SELECT failing_since, waiting, due_at FROM webhooks WHERE due_at IS NOT NULL AND state = 'active' ORDER BY due_at LIMIT most
  ) w GROUP BY 1
$$;
REVOKE ALL ON FUNCTION deliveries_waiting FROM PUBLIC;
