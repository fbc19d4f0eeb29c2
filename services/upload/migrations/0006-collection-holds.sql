-- Who needs that no chunk of a tenant is deleted for a while, whatever refers to it now: a backup that read what referred to it then.
CREATE TABLE collection_holds (
  tenant uuid NOT NULL,
  holder uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, holder)
);
SELECT driftbox.isolate_tenant('collection_holds');
