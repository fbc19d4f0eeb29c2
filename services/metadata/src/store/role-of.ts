/** Who a user is when it comes to roles, themselves and each group that they are in: an SQL expression; `$1` is the tenant. */
export const subjectsOf = (user: string): string =>
  `ARRAY(SELECT ${user}::uuid UNION ALL SELECT m.group_id FROM group_members m WHERE m.tenant = $1 AND m.user_id = ${user}::uuid)`;

/** Orders grants, the strongest role first. */
export const strongestFirst = `array_position('{owner,manager,editor,viewer}', g.role)`;

/** The strongest grant that a user has on a drive, by themselves or through a group: a query of no row or one with `role`. */
export const grantOf = (drive: string, user: string): string =>
  `SELECT g.role FROM grants g WHERE g.tenant = $1 AND g.drive_id = ${drive} AND g.subject = ANY (${subjectsOf(user)})
    ORDER BY ${strongestFirst} LIMIT 1`;

/** The role that a user has on a drive, null for none: an SQL expression. */
export const roleOf = (drive: string, user: string): string => `(${grantOf(drive, user)})`;
