-- People of a tenant who hold roles together. A role of a group's is a grant whose subject is the group.
CREATE TABLE groups (
  tenant uuid NOT NULL,
  group_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, group_id)
);
CREATE UNIQUE INDEX groups_name ON groups (tenant, lower(name));

CREATE TABLE group_members (
  tenant uuid NOT NULL,
  group_id uuid NOT NULL,
  user_id uuid NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, group_id, user_id),
  FOREIGN KEY (tenant, group_id) REFERENCES groups (tenant, group_id) ON DELETE CASCADE
);
-- What every question of access asks: which groups is this person in?
CREATE UNIQUE INDEX group_members_user ON group_members (tenant, user_id, group_id);

SELECT driftbox.isolate_tenant(t) FROM unnest(ARRAY['groups', 'group_members']::regclass[]) t;
