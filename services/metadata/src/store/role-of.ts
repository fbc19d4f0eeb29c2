/** The role that a user has on a drive, null for none: an SQL expression; `$1` is the tenant. */
export const roleOf = (drive: string, user: string): string =>
  `(SELECT g.role FROM grants g WHERE g.tenant = $1 AND g.drive_id = ${drive} AND g.subject = ${user}::uuid)`;
