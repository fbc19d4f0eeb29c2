-- Who has a drive mounted: of what they may not read any more it goes.
CREATE INDEX entries_mounts ON entries (tenant, mounted_drive) WHERE kind = 3;
CREATE INDEX users_email ON users (tenant, lower(email));
