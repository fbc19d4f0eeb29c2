import { statement } from '@driftbox/postgres';

/** A tenant's intent as it was put; `null` for one that was registered before intents were kept. */
export type IntentRow = { readonly intent: unknown; readonly generation: number; readonly users: number };

/** What is kept of a tenant, and how many people metadata knows of it. */
export const readIntent = statement({
  name: 'metadata.read-intent',
  text: `SELECT intent, generation, (SELECT count(*) FROM users WHERE tenant = $1 AND state <> 'removed') AS users
  FROM tenants WHERE tenant = $1`,
});

/** Holds the tenant's row for its removal. */
export const lockTenant = statement({
  name: 'metadata.lock-tenant',
  text: 'SELECT suspended FROM tenants WHERE tenant = $1 FOR UPDATE',
});

export const removeTenant = statement({ name: 'metadata.remove-tenant', text: 'DELETE FROM tenants WHERE tenant = $1' });
