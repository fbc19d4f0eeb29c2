-- A limit of one person's own, in place of the tenant's for each; null: the tenant's.
ALTER TABLE users ADD COLUMN limit_bytes bigint CHECK (limit_bytes >= 0);
