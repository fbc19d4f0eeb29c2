/** A user's or group's role on a drive, from least to most. */
export const roles = ['viewer', 'editor', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

/** A user's role in a tenant. */
export const tenantRoles = ['owner', 'admin', 'member', 'guest'] as const;
export type TenantRole = (typeof tenantRoles)[number];
