export * from './claims.ts';
export { errorAdvice } from './error-advice.ts';
export * from './errors.ts';
export * from './fields.ts';
export * from './frames/index.ts';
export * from './hints/index.ts';
export { openApiDocument } from './openapi/openapi-document.ts';
export * from './route.ts';
export * from './route-table.ts';
export { schemaHash } from './schema-hash.ts';
export * from './version.ts';
export type { Account, SignedIn } from './routes/auth/account.ts';
export type { TenantUser } from './routes/auth/tenant-user.ts';
export type { SignedInDevice } from './routes/auth/list-devices.ts';
export type { OpenSession } from './routes/auth/list-sessions.ts';
export type { UserUsage } from './routes/metadata/list-user-usage.ts';
export type { IssuerProof } from './routes/auth/identity.ts';
export type { IssuerTerms, IssuerView } from './routes/auth/issuer.ts';
export { dataKeysUnder, destroyedKeys, erasureStatement, type ErasureStatement } from './erasure-statement.ts';
export { tenantErasers, type TenantEraser } from './tenant-erasers.ts';
export type { Finding } from './routes/internal/check-tenant-in-upload.ts';
export type { TenantErasure } from './routes/internal/tenant-erasure.ts';
export { linkPolicy, tenantIntent, withoutSecrets, type LinkPolicy, type TenantIntent } from './routes/internal/tenant-intent.ts';
export type { LinkedEntry } from './routes/internal/linked-entry.ts';
export type { Drive } from './routes/metadata/drive.ts';
export type { Group, GroupMember } from './routes/metadata/group.ts';
export type { Deed } from './routes/metadata/list-activity.ts';
export type { OwnedDrive } from './routes/metadata/remove-user.ts';
export type { Grant } from './routes/metadata/grant.ts';
export type { GrantedEntry } from './routes/metadata/list-granted-entries.ts';
export { maxTags, type Tag } from './routes/metadata/tag.ts';
export type { Change, Entry, PastEntry } from './routes/metadata/entry.ts';
export { notificationKinds, type Notification, type NotificationKind } from './routes/notification/notification.ts';
export type { Preferences, PreferencesPatch } from './routes/notification/preferences.ts';
export type { HeldDevice } from './routes/metadata/brake.ts';
export type { UndoneEntry } from './routes/metadata/undo-work.ts';
export type { Delivery, Webhook } from './routes/notification/webhook.ts';
export type { DriveInvitation } from './routes/share/invitation.ts';
export type { Link } from './routes/share/link.ts';
export {
  chunkListDelta,
  maxCommitOperations,
  type CheckedOperation,
  type CommitAnswer,
  type WireOperation,
  type WireOutcome,
} from './routes/upload/operation.ts';
export { commitBody } from './routes/upload/post-commit.ts';
