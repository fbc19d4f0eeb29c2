import type { TenantRows } from '@driftbox/postgres';

/** What backups keep of a tenant here. Links keep their addresses. */
export const keptRows: TenantRows = {
  tables: [
    { name: 'links', order: 'link_id' },
    { name: 'link_uses', order: 'use_id' },
    { name: 'invitations', order: 'invitation_id' },
  ],
  emptied: ['link_attempts'],
};
