import { statement } from '@driftbox/postgres';

/** Tenants with inboxes, after one ($1), at most $2. */
export const tenantsAfter = statement({ name: 'notification.tenants-after', text: 'SELECT tenant FROM tenants_after($1, $2)' });
