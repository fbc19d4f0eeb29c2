-- OpenID providers by which people sign in. The secret is sealed under a key that is not in the database.
CREATE TABLE issuers (
  tenant uuid NOT NULL,
  name text NOT NULL,
  display_name text,
  issuer text NOT NULL,
  client_id text NOT NULL,
  sealed_secret bytea,
  domains text[],
  -- Set by the platform's administrator, and changed there alone.
  managed boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, name)
);

-- Who at which issuer is which user. By the issuer's own identifier: a name can be given to another one, with other people.
CREATE TABLE identities (
  tenant uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  identity_id uuid NOT NULL,
  user_id uuid NOT NULL,
  email text,
  linked_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant, issuer, subject),
  FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX identities_id ON identities (tenant, identity_id);
CREATE INDEX identities_user ON identities (tenant, user_id, identity_id);

-- What an issuer has confirmed, for the client that holds the code and the verifier. A row stays until it expires, used or
-- not: while it is there the same answer of the issuer is not taken again.
CREATE TABLE issuer_proofs (
  tenant uuid NOT NULL,
  state_hash bytea NOT NULL,
  code_hash bytea NOT NULL,
  code_challenge text NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  email text,
  email_verified boolean NOT NULL,
  display_name text,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant, state_hash)
);
CREATE UNIQUE INDEX issuer_proofs_code ON issuer_proofs (tenant, code_hash);
CREATE INDEX issuer_proofs_expires_at ON issuer_proofs (tenant, expires_at);

-- Who joined by an issuer has no password until they set one by mail.
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;

SELECT driftbox.isolate_tenant(name) FROM unnest(ARRAY['issuers', 'identities', 'issuer_proofs']) AS name;
