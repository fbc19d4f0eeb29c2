import type { TenantRows } from '@driftbox/postgres';

/**
 * What backups keep of a tenant here. Sessions and mailed secrets are left out, so that nobody is signed in by a restore; issuers, because
 * their secrets are sealed for this cell.
 */
export const keptRows: TenantRows = {
  tables: [
    { name: 'users', order: 'user_id' },
    { name: 'devices', order: 'device_id' },
    { name: 'invitations', order: 'invitation_id' },
    { name: 'app_passwords', order: 'app_password_id' },
    { name: 'identities', order: 'issuer, subject' },
    { name: 'login_audit', order: 'audit_id' },
  ],
  left: ['tenants', 'tenant_hosts', 'issuers', 'issuer_proofs', 'sessions', 'refresh_tokens', 'mailed_secrets', 'login_attempts'],
};
