-- A person's role in the tenant, from the accounts' events: who is told how full the tenant is. It decides about no access. Of people
-- who were here before it is known with the next event of theirs.
ALTER TABLE users ADD COLUMN role text CHECK (role IN ('owner', 'admin', 'member', 'guest'));
CREATE INDEX users_administrators ON users (tenant, user_id) WHERE role IN ('owner', 'admin');
