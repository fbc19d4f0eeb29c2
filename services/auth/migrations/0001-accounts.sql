-- The directory of tenants: the only tables besides keys and revocations that belong to no tenant, because they are
-- read before the tenant of a request is known.
CREATE TABLE tenants (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  sign_up text NOT NULL CHECK (sign_up IN ('open', 'invite', 'closed')),
  suspended boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL
);
CREATE TABLE tenant_hosts (
  host text PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX tenant_hosts_tenant ON tenant_hosts (tenant_id);

CREATE TABLE users (
  tenant uuid NOT NULL,
  user_id uuid NOT NULL,
  email text NOT NULL,
  email_verified boolean NOT NULL,
  display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'guest')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, user_id)
);
CREATE UNIQUE INDEX users_email ON users (tenant, email);

CREATE TABLE devices (
  tenant uuid NOT NULL,
  device_id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, device_id),
  FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, user_id) ON DELETE CASCADE
);
CREATE INDEX devices_user ON devices (tenant, user_id, device_id);

-- One sign-in of a user on a device: the family of refresh tokens that follow from it.
CREATE TABLE sessions (
  tenant uuid NOT NULL,
  session_id uuid NOT NULL,
  user_id uuid NOT NULL,
  device_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant, session_id),
  FOREIGN KEY (tenant, device_id) REFERENCES devices (tenant, device_id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (tenant, user_id, session_id);
CREATE INDEX sessions_device ON sessions (tenant, device_id);
CREATE INDEX sessions_expires_at ON sessions (tenant, expires_at);

-- Used tokens stay until they expire, so that their reuse is noticed.
CREATE TABLE refresh_tokens (
  tenant uuid NOT NULL,
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  parent_hash bytea,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant, token_hash),
  FOREIGN KEY (tenant, session_id) REFERENCES sessions (tenant, session_id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_parent ON refresh_tokens (tenant, parent_hash);
CREATE INDEX refresh_tokens_session ON refresh_tokens (tenant, session_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (tenant, expires_at);

CREATE TABLE invitations (
  tenant uuid NOT NULL,
  invitation_id uuid NOT NULL,
  secret_hash bytea NOT NULL,
  email text,
  role text NOT NULL,
  -- The one that a new tenant's first owner gets: it holds even where sign-up is closed.
  first boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, invitation_id)
);
CREATE UNIQUE INDEX invitations_secret ON invitations (tenant, secret_hash);
CREATE UNIQUE INDEX invitations_email ON invitations (tenant, email) WHERE NOT first;
CREATE UNIQUE INDEX invitations_first ON invitations (tenant) WHERE first;

-- Mailed secrets: to prove an address, or to set a new password. One of each purpose per user.
CREATE TABLE mailed_secrets (
  tenant uuid NOT NULL,
  user_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('verify-email', 'reset-password')),
  secret_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, user_id, purpose),
  FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX mailed_secrets_hash ON mailed_secrets (tenant, secret_hash);

CREATE TABLE app_passwords (
  tenant uuid NOT NULL,
  app_password_id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('read', 'write')),
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant, app_password_id),
  FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX app_passwords_secret ON app_passwords (tenant, secret_hash);
CREATE INDEX app_passwords_user ON app_passwords (tenant, user_id, app_password_id);

-- Failed sign-ins by hashed key (identity, address, device and pairs of them) within a window.
CREATE TABLE login_attempts (
  tenant uuid NOT NULL,
  key bytea NOT NULL,
  attempts integer NOT NULL,
  window_ends_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX login_attempts_window ON login_attempts (tenant, window_ends_at);

CREATE TABLE login_audit (
  tenant uuid NOT NULL,
  audit_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  outcome text NOT NULL,
  email text,
  user_id uuid,
  device_id uuid,
  address text NOT NULL,
  PRIMARY KEY (tenant, audit_id)
);
CREATE INDEX login_audit_at ON login_audit (tenant, at);

-- Private halves are sealed under a key that is not in the database.
CREATE TABLE signing_keys (
  key_id text PRIMARY KEY,
  public_key jsonb NOT NULL,
  sealed_key bytea NOT NULL,
  created_at timestamptz NOT NULL,
  signs_from timestamptz NOT NULL
);

-- What every service polls; ids only, kept for the life of an access token.
CREATE TABLE revocations (
  revocation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('session', 'user')),
  subject uuid NOT NULL,
  revoked_at timestamptz NOT NULL
);
CREATE INDEX revocations_at ON revocations (revoked_at, revocation_id);

SELECT driftbox.isolate_tenant(name) FROM unnest(ARRAY[
  'users', 'devices', 'sessions', 'refresh_tokens', 'invitations', 'mailed_secrets', 'app_passwords', 'login_attempts', 'login_audit'
]) AS name;
