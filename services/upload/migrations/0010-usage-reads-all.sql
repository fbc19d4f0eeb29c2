-- It adds up the ledgers of all tenants: a service's sessions go by index alone, which takes longer here (ADR 20).
ALTER FUNCTION usage_by_quota SET enable_seqscan = on;
ALTER FUNCTION usage_by_quota SET enable_hashjoin = on;
