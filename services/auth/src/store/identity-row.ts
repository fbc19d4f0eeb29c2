import type { UserId } from '@driftbox/domain';

/** A subject of an issuer who is a user here. */
export type IdentityRow = {
  readonly identityId: string;
  readonly issuer: string;
  /** As the issuer had it at the last sign-in that said one; proves nothing about who reads it. */
  readonly email: string | null;
  readonly linkedMs: number;
  readonly lastUsedMs: number | null;
};

/** One that is to be written. */
export type NewIdentity = Omit<IdentityRow, 'lastUsedMs'> & { readonly subject: string; readonly userId: UserId };
