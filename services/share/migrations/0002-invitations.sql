-- Offers of a role on a drive. What is offered is given by metadata when it is accepted, if who offered it still may.
CREATE TABLE invitations (
  tenant uuid NOT NULL,
  invitation_id uuid NOT NULL,
  drive_id uuid NOT NULL,
  drive_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'editor', 'manager')),
  inviter uuid NOT NULL,
  inviter_name text NOT NULL,
  -- Whom it is for: a person, or whoever proves that an address is theirs.
  invitee uuid,
  email text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'revoked')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  decided_at timestamptz,
  PRIMARY KEY (tenant, invitation_id),
  CHECK ((invitee IS NULL) <> (email IS NULL) OR state = 'accepted')
);
CREATE UNIQUE INDEX invitations_invitee ON invitations (tenant, drive_id, invitee) WHERE state = 'open' AND invitee IS NOT NULL;
CREATE UNIQUE INDEX invitations_address ON invitations (tenant, drive_id, email) WHERE state = 'open' AND email IS NOT NULL;
CREATE INDEX invitations_received ON invitations (tenant, invitee, invitation_id) WHERE state = 'open';
CREATE INDEX invitations_mailed ON invitations (tenant, email, invitation_id) WHERE state = 'open';
CREATE INDEX invitations_sent ON invitations (tenant, inviter, invitation_id);
CREATE INDEX invitations_drive ON invitations (tenant, drive_id, invitation_id);
CREATE INDEX invitations_age ON invitations (tenant, expires_at);

SELECT driftbox.isolate_tenant('invitations');
