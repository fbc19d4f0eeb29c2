import type { TenantId, TenantRole, UserId } from '@driftbox/domain';

/** A user as the database holds them. */
export type UserRow = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly displayName: string;
  readonly role: TenantRole;
  readonly status: 'active' | 'suspended';
  /** `null`: they sign in by an issuer and have never set one. */
  readonly passwordHash: string | null;
  readonly createdAtMs: number;
};

/** The columns of a `UserRow`, of a table or alias called `users`. */
export const userColumns = `users.tenant AS "tenantId", users.user_id AS "userId", users.email, users.email_verified AS "emailVerified",
  users.display_name AS "displayName", users.role, users.status, users.password_hash AS "passwordHash", users.created_at AS "createdAtMs"`;
