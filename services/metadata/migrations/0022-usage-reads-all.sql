-- It adds up every drive of a cell: a service's sessions go by index alone, which takes twenty times as long here (ADR 20).
ALTER FUNCTION usage_by_quota SET enable_seqscan = on;
ALTER FUNCTION usage_by_quota SET enable_hashjoin = on;
