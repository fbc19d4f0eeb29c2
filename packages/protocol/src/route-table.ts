import { internalRoutes } from './internal-route-table.ts';
import type { Route } from './route.ts';
import { changePassword } from './routes/auth/change-password.ts';
import { createAppPassword } from './routes/auth/create-app-password.ts';
import { endSession } from './routes/auth/end-session.ts';
import { forgetPassword } from './routes/auth/forget-password.ts';
import { getCapabilities } from './routes/auth/get-capabilities.ts';
import { getKeys } from './routes/auth/get-keys.ts';
import { getMe } from './routes/auth/get-me.ts';
import { inviteUser } from './routes/auth/invite-user.ts';
import { listAppPasswords } from './routes/auth/list-app-passwords.ts';
import { listDevices } from './routes/auth/list-devices.ts';
import { endUserSession } from './routes/auth/end-user-session.ts';
import { removeUserDevice } from './routes/auth/remove-user-device.ts';
import { listUserSessions } from './routes/auth/list-user-sessions.ts';
import { listUserDevices } from './routes/auth/list-user-devices.ts';
import { listSessions } from './routes/auth/list-sessions.ts';
import { listUserInvitations } from './routes/auth/list-user-invitations.ts';
import { logIn } from './routes/auth/log-in.ts';
import { logOut } from './routes/auth/log-out.ts';
import { refreshToken } from './routes/auth/refresh-token.ts';
import { removeAppPassword } from './routes/auth/remove-app-password.ts';
import { removeDevice } from './routes/auth/remove-device.ts';
import { resetPassword } from './routes/auth/reset-password.ts';
import { revokeUserInvitation } from './routes/auth/revoke-user-invitation.ts';
import { signUp } from './routes/auth/sign-up.ts';
import { updateMe } from './routes/auth/update-me.ts';
import { verifyEmail } from './routes/auth/verify-email.ts';
import { exchangeSignIn } from './routes/auth/exchange-sign-in.ts';
import { finishSignIn } from './routes/auth/finish-sign-in.ts';
import { linkIdentity } from './routes/auth/link-identity.ts';
import { listIdentities } from './routes/auth/list-identities.ts';
import { listUsers } from './routes/auth/list-users.ts';
import { updateUser } from './routes/auth/update-user.ts';
import { listIssuers } from './routes/auth/list-issuers.ts';
import { putIssuer } from './routes/auth/put-issuer.ts';
import { removeIdentity } from './routes/auth/remove-identity.ts';
import { removeIssuer } from './routes/auth/remove-issuer.ts';
import { startSignIn } from './routes/auth/start-sign-in.ts';
import { createInvitations } from './routes/share/create-invitations.ts';
import { listInvitations } from './routes/share/list-invitations.ts';
import { acceptInvitation } from './routes/share/accept-invitation.ts';
import { declineInvitation } from './routes/share/decline-invitation.ts';
import { revokeInvitation } from './routes/share/revoke-invitation.ts';
import { deleteTenantInAuth } from './routes/internal/delete-tenant-in-auth.ts';
import { deleteTenantInMetadata } from './routes/internal/delete-tenant-in-metadata.ts';
import { deleteTenantInNotification } from './routes/internal/delete-tenant-in-notification.ts';
import { deleteTenantInShare } from './routes/internal/delete-tenant-in-share.ts';
import { deleteTenantInSync } from './routes/internal/delete-tenant-in-sync.ts';
import { deleteTenantInUpload } from './routes/internal/delete-tenant-in-upload.ts';
import { exchangeAppPassword } from './routes/internal/exchange-app-password.ts';
import { findTenantOfHost } from './routes/internal/find-tenant-of-host.ts';
import { getTenantInAuth } from './routes/internal/get-tenant-in-auth.ts';
import { getTenantInMetadata } from './routes/internal/get-tenant-in-metadata.ts';
import { getTenantInUpload } from './routes/internal/get-tenant-in-upload.ts';
import { getTenantLimits } from './routes/internal/get-tenant-limits.ts';
import { listRevocations } from './routes/internal/list-revocations.ts';
import { putTenantInAuth } from './routes/internal/put-tenant-in-auth.ts';
import { putTenantInMetadata } from './routes/internal/put-tenant-in-metadata.ts';
import { putTenantInUpload } from './routes/internal/put-tenant-in-upload.ts';
import { createDrive } from './routes/metadata/create-drive.ts';
import { deleteDrive } from './routes/metadata/delete-drive.ts';
import { unshareDrive } from './routes/metadata/unshare-drive.ts';
import { listEntryGrants } from './routes/metadata/list-entry-grants.ts';
import { addEntryGrant } from './routes/metadata/add-entry-grant.ts';
import { getEntryGrant } from './routes/metadata/get-entry-grant.ts';
import { putEntryGrant } from './routes/metadata/put-entry-grant.ts';
import { removeEntryGrant } from './routes/metadata/remove-entry-grant.ts';
import { listGrantedEntries } from './routes/metadata/list-granted-entries.ts';
import { removeGrant } from './routes/metadata/remove-grant.ts';
import { putGrant } from './routes/metadata/put-grant.ts';
import { listGrants } from './routes/metadata/list-grants.ts';
import { getGrant } from './routes/metadata/get-grant.ts';
import { addGrant } from './routes/metadata/add-grant.ts';
import { listGroups } from './routes/metadata/list-groups.ts';
import { createGroup } from './routes/metadata/create-group.ts';
import { removeUser } from './routes/metadata/remove-user.ts';
import { renameGroup } from './routes/metadata/rename-group.ts';
import { removeGroup } from './routes/metadata/remove-group.ts';
import { listGroupMembers } from './routes/metadata/list-group-members.ts';
import { addGroupMember } from './routes/metadata/add-group-member.ts';
import { removeGroupMember } from './routes/metadata/remove-group-member.ts';
import { getDrive } from './routes/metadata/get-drive.ts';
import { getEntry } from './routes/metadata/get-entry.ts';
import { getEntryAt } from './routes/metadata/get-entry-at.ts';
import { getEntryPath } from './routes/metadata/get-entry-path.ts';
import { getUsage } from './routes/metadata/get-usage.ts';
import { setUserLimit } from './routes/metadata/set-user-limit.ts';
import { listUserUsage } from './routes/metadata/list-user-usage.ts';
import { listActivity } from './routes/metadata/list-activity.ts';
import { listChanges } from './routes/metadata/list-changes.ts';
import { listChildren } from './routes/metadata/list-children.ts';
import { listChildrenAt } from './routes/metadata/list-children-at.ts';
import { listDescendants } from './routes/metadata/list-descendants.ts';
import { listDrives } from './routes/metadata/list-drives.ts';
import { listRevisions } from './routes/metadata/list-revisions.ts';
import { listTrash } from './routes/metadata/list-trash.ts';
import { resolvePath } from './routes/metadata/resolve-path.ts';
import { listTags } from './routes/metadata/list-tags.ts';
import { putTag } from './routes/metadata/put-tag.ts';
import { removeTag } from './routes/metadata/remove-tag.ts';
import { searchEntries } from './routes/metadata/search-entries.ts';
import { updateDrive } from './routes/metadata/update-drive.ts';
import { createWebhook } from './routes/notification/create-webhook.ts';
import { getWebhook } from './routes/notification/get-webhook.ts';
import { listDeliveries } from './routes/notification/list-deliveries.ts';
import { listWebhooks } from './routes/notification/list-webhooks.ts';
import { removeWebhook } from './routes/notification/remove-webhook.ts';
import { replayDelivery } from './routes/notification/replay-delivery.ts';
import { rotateWebhookSecret } from './routes/notification/rotate-webhook-secret.ts';
import { testWebhook } from './routes/notification/test-webhook.ts';
import { updateWebhook } from './routes/notification/update-webhook.ts';
import { getPreferences } from './routes/notification/get-preferences.ts';
import { listInbox } from './routes/notification/list-inbox.ts';
import { readInbox } from './routes/notification/read-inbox.ts';
import { unsubscribe } from './routes/notification/unsubscribe.ts';
import { updatePreferences } from './routes/notification/update-preferences.ts';
import { archiveShared } from './routes/share/archive-shared.ts';
import { createLink } from './routes/share/create-link.ts';
import { downloadShared } from './routes/share/download-shared.ts';
import { getLink } from './routes/share/get-link.ts';
import { getShared } from './routes/share/get-shared.ts';
import { listLinkUses } from './routes/share/list-link-uses.ts';
import { listLinks } from './routes/share/list-links.ts';
import { listSharedChildren } from './routes/share/list-shared-children.ts';
import { readDownload } from './routes/share/read-download.ts';
import { revokeLink } from './routes/share/revoke-link.ts';
import { unlockShared } from './routes/share/unlock-shared.ts';
import { updateLink } from './routes/share/update-link.ts';
import { uploadShared } from './routes/share/upload-shared.ts';
import { listHeldDevices } from './routes/metadata/list-held-devices.ts';
import { releaseDevice } from './routes/metadata/release-device.ts';
import { undoWork } from './routes/metadata/undo-work.ts';
import { listDeviceCursors } from './routes/sync/list-device-cursors.ts';
import { waitForChanges } from './routes/sync/wait-for-changes.ts';
import { askMissing } from './routes/upload/ask-missing.ts';
import { appendToUpload } from './routes/upload/append-to-upload.ts';
import { closeUpload } from './routes/upload/close-upload.ts';
import { createUpload } from './routes/upload/create-upload.ts';
import { describeUploads } from './routes/upload/describe-uploads.ts';
import { getUpload } from './routes/upload/get-upload.ts';
import { createContentUrl } from './routes/upload/create-content-url.ts';
import { fetchChunks } from './routes/upload/fetch-chunks.ts';
import { getContent } from './routes/upload/get-content.ts';
import { getSignedContent } from './routes/upload/get-signed-content.ts';
import { postCommit } from './routes/upload/post-commit.ts';
import { putChunks } from './routes/upload/put-chunks.ts';
import { putContent } from './routes/upload/put-content.ts';
import { putFileBelow } from './routes/upload/put-file-below.ts';
import { putFile } from './routes/upload/put-file.ts';

/** Every endpoint there is, by name. Adding one is adding its file and one line here, or among the internal ones. */
export const routes = {
  signUp,
  logIn,
  refreshToken,
  logOut,
  listSessions,
  endSession,
  listDevices,
  endUserSession,
  removeUserDevice,
  listUserSessions,
  listUserDevices,
  removeDevice,
  getMe,
  updateMe,
  changePassword,
  forgetPassword,
  resetPassword,
  verifyEmail,
  listAppPasswords,
  createAppPassword,
  removeAppPassword,
  getKeys,
  getCapabilities,
  inviteUser,
  listUserInvitations,
  revokeUserInvitation,
  startSignIn,
  finishSignIn,
  exchangeSignIn,
  linkIdentity,
  listIdentities,
  removeIdentity,
  listUsers,
  updateUser,
  removeUser,
  listIssuers,
  putIssuer,
  removeIssuer,
  listRevocations,
  findTenantOfHost,
  exchangeAppPassword,
  putTenantInAuth,
  putTenantInMetadata,
  putTenantInUpload,
  getTenantInAuth,
  getTenantInMetadata,
  getTenantInUpload,
  deleteTenantInAuth,
  deleteTenantInMetadata,
  deleteTenantInUpload,
  deleteTenantInSync,
  deleteTenantInShare,
  deleteTenantInNotification,
  getTenantLimits,
  listDrives,
  createDrive,
  getDrive,
  updateDrive,
  deleteDrive,
  unshareDrive,
  listGrants,
  addGrant,
  getGrant,
  putGrant,
  removeGrant,
  listEntryGrants,
  addEntryGrant,
  getEntryGrant,
  putEntryGrant,
  removeEntryGrant,
  listGrantedEntries,
  listGroups,
  createGroup,
  renameGroup,
  listGroupMembers,
  addGroupMember,
  removeGroupMember,
  removeGroup,
  listChanges,
  listActivity,
  getEntry,
  resolvePath,
  listChildren,
  listDescendants,
  listRevisions,
  getEntryPath,
  getEntryAt,
  listChildrenAt,
  listTrash,
  listTags,
  putTag,
  removeTag,
  searchEntries,
  getUsage,
  setUserLimit,
  listUserUsage,
  listHeldDevices,
  releaseDevice,
  undoWork,
  waitForChanges,
  listDeviceCursors,
  postCommit,
  askMissing,
  putChunks,
  fetchChunks,
  describeUploads,
  createUpload,
  getUpload,
  appendToUpload,
  closeUpload,
  getContent,
  createContentUrl,
  getSignedContent,
  putFile,
  putContent,
  putFileBelow,
  createInvitations,
  listInvitations,
  acceptInvitation,
  declineInvitation,
  revokeInvitation,
  createLink,
  listLinks,
  getLink,
  updateLink,
  revokeLink,
  listLinkUses,
  getShared,
  unlockShared,
  listSharedChildren,
  downloadShared,
  readDownload,
  archiveShared,
  uploadShared,
  listInbox,
  readInbox,
  getPreferences,
  updatePreferences,
  unsubscribe,
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  rotateWebhookSecret,
  testWebhook,
  listDeliveries,
  replayDelivery,
  removeWebhook,
  ...internalRoutes,
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
