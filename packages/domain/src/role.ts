/** A user's or group's role on a drive, from least to most. */
export const roles = ['viewer', 'editor', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

/** A user's role in a tenant. */
export const tenantRoles = ['owner', 'admin', 'member', 'guest'] as const;
export type TenantRole = (typeof tenantRoles)[number];

/** What one may want to do with a drive: `write` is every operation of a commit but purge, which destroys others' history. */
export const verbs = ['read', 'write', 'purge', 'grant', 'rename', 'delete'] as const;
export type Verb = (typeof verbs)[number];

const least: { readonly [V in Verb]: Role } = {
  read: 'viewer',
  write: 'editor',
  purge: 'manager',
  grant: 'manager',
  rename: 'manager',
  delete: 'owner',
};

/** The one place that says what a role may do with a drive. */
export function can(role: Role, verb: Verb): boolean {
  return roles.indexOf(role) >= roles.indexOf(least[verb]);
}
