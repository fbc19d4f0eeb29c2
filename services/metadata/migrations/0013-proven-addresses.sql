-- Whether a person has proven that their address is theirs: what is offered to an address is theirs only then.
ALTER TABLE users ADD COLUMN email_verified boolean NOT NULL DEFAULT false;
