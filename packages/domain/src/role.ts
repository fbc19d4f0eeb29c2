/** A user's or group's role on a drive, from least to most. */
export const roles = ['viewer', 'editor', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

/** The roles that can be held on a single file or folder: what is in a drive has no owner but the drive's. */
export const entryRoles = ['viewer', 'editor', 'manager'] as const;
export type EntryRole = (typeof entryRoles)[number];

/** A user's role in a tenant. */
export const tenantRoles = ['owner', 'admin', 'member', 'guest'] as const;
export type TenantRole = (typeof tenantRoles)[number];

/**
 * What one may want to do: `write` is every operation of a commit but `purge`, which destroys others' history; `link` is
 * letting in whoever holds a link, `grant` letting others in and out; `share` makes a drive of a folder, `unshare` a folder of
 * a drive; `transfer` gives it away; `grantEntry` lets others into single entries.
 */
export const verbs = ['read', 'write', 'link', 'purge', 'grant', 'grantEntry', 'rename', 'share', 'unshare', 'transfer', 'delete'] as const;
export type Verb = (typeof verbs)[number];

/** The drive that something is wanted of, or of an entry in it: a home drive or a shared one. */
export const targetKinds = ['home', 'shared'] as const;
export type TargetKind = (typeof targetKinds)[number];

/**
 * Who wants something, by the strongest role that their grants give them on the target's drive; none is a stranger. Where the
 * target is an entry, `entryRole` is the strongest that they hold on it or on a folder above it.
 */
export type Actor = { readonly role: Role | null | undefined; readonly entryRole?: EntryRole | null | undefined };
/** What something is wanted of. */
export type Target = { readonly kind: TargetKind };

/**
 * The least role for each verb on each kind of drive; `undefined` where nobody may. A home drive stays its owner's: what
 * is in it is shared by making a drive of it. A shared drive holds no other: nothing in it becomes a drive of its own.
 */
const least: { readonly [K in TargetKind]: { readonly [V in Verb]: Role | undefined } } = {
  home: {
    read: 'viewer',
    write: 'editor',
    link: 'editor',
    purge: 'manager',
    grant: undefined,
    grantEntry: 'manager',
    rename: 'manager',
    share: 'owner',
    unshare: undefined,
    transfer: undefined,
    delete: undefined,
  },
  shared: {
    read: 'viewer',
    write: 'editor',
    link: 'editor',
    purge: 'manager',
    grant: 'manager',
    grantEntry: 'manager',
    rename: 'manager',
    share: undefined,
    unshare: 'owner',
    transfer: 'owner',
    delete: 'owner',
  },
};

/**
 * The least role on an entry for what it allows there whatever drive it is in; nobody may anything else by one. Strangers are let
 * in by who has a role on the drive, and what has gone to the trash is the drive's.
 */
const leastOnEntry: { readonly [V in Verb]?: EntryRole } = { read: 'viewer', write: 'editor', grantEntry: 'manager' };

/** The one place that says who may do what with what. */
export function can(actor: Actor, verb: Verb, target: Target): boolean {
  return atLeast(actor.role, least[target.kind][verb]) || atLeast(actor.entryRole, leastOnEntry[verb]);
}

/**
 * May a manager or owner give, change or take this role of somebody else's? Nobody lets others have more than they have
 * themselves, and an owner's role goes with the drive: by transfer alone. Anybody may lower or leave their own.
 */
export function canGrant(actor: Actor, target: Target, before: Role | undefined, after: Role | undefined): boolean {
  if (before === 'owner' || after === 'owner') return false;
  return can(actor, 'grant', target);
}

function atLeast(role: Role | null | undefined, needed: Role | undefined): boolean {
  return needed !== undefined && role !== undefined && role !== null && roles.indexOf(role) >= roles.indexOf(needed);
}

/** The strongest of some roles on entries. */
export function strongest(some: readonly EntryRole[]): EntryRole | undefined {
  return entryRoles.findLast((role) => some.includes(role));
}
