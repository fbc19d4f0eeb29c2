import type { Tenant } from '../tenant/tenant.ts';

/**
 * A Tenant as a manifest that makes it anew, for a backup to be restored into: suspended, and without what counts only once. In JSON,
 * which kubectl takes. Secrets that it names are named still.
 */
export function tenantManifest({ apiVersion, kind, metadata: { name, labels }, spec }: Tenant): string {
  const { adopt: _adopt, firstAdministrator: _first, ...lasting } = spec as Readonly<Record<string, unknown>>;
  const metadata = { name, ...(labels === undefined ? {} : { labels }) };
  return JSON.stringify({ apiVersion, kind, metadata, spec: { ...lasting, suspended: true } }, undefined, 2);
}

/** What makes the Tenant of a TenantBackup anew, for people. */
export function remakeTenant(backup: string): string {
  return `kubectl get tenantbackups.driftbox.io ${backup} -o jsonpath='{.status.tenantManifest}' | kubectl apply -f -`;
}
