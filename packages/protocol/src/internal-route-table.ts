import type { Route } from './route.ts';
import { readTenantInAuth } from './routes/internal/read-tenant-in-auth.ts';
import { restoreTenantInAuth } from './routes/internal/restore-tenant-in-auth.ts';
import { readTenantInMetadata } from './routes/internal/read-tenant-in-metadata.ts';
import { restoreTenantInMetadata } from './routes/internal/restore-tenant-in-metadata.ts';
import { readTenantInShare } from './routes/internal/read-tenant-in-share.ts';
import { restoreTenantInShare } from './routes/internal/restore-tenant-in-share.ts';
import { readTenantInNotification } from './routes/internal/read-tenant-in-notification.ts';
import { restoreTenantInNotification } from './routes/internal/restore-tenant-in-notification.ts';
import { askTenantChunks } from './routes/internal/ask-tenant-chunks.ts';
import { holdCollection } from './routes/internal/hold-collection.ts';
import { readTenantChunks } from './routes/internal/read-tenant-chunks.ts';
import { writeTenantChunks } from './routes/internal/write-tenant-chunks.ts';
import { acceptGrant } from './routes/internal/accept-grant.ts';
import { admitNewcomer } from './routes/internal/admit-newcomer.ts';
import { describeInvitees } from './routes/internal/describe-invitees.ts';
import { getPerson } from './routes/internal/get-person.ts';
import { checkAccess } from './routes/internal/check-access.ts';
import { checkPossession } from './routes/internal/check-possession.ts';
import { describeLinked } from './routes/internal/describe-linked.ts';
import { endAccount } from './routes/internal/end-account.ts';
import { checkPoolInUpload } from './routes/internal/check-pool-in-upload.ts';
import { checkTenantInUpload } from './routes/internal/check-tenant-in-upload.ts';
import { getKeysInUpload } from './routes/internal/get-keys-in-upload.ts';
import { rotateKeysInUpload } from './routes/internal/rotate-keys-in-upload.ts';
import { rewrapKeysInUpload } from './routes/internal/rewrap-keys-in-upload.ts';
import { retireKeysInUpload } from './routes/internal/retire-keys-in-upload.ts';
import { listDataKeys } from './routes/internal/list-data-keys.ts';
import { rotateDataKey } from './routes/internal/rotate-data-key.ts';
import { findAffected } from './routes/internal/find-affected.ts';
import { recoverAuth, recoverMetadata } from './routes/internal/recover.ts';
import { reportDamage } from './routes/internal/report-damage.ts';
import { listReferenced } from './routes/internal/list-referenced.ts';
import { findReferenced } from './routes/internal/find-referenced.ts';
import { forwardCommit } from './routes/internal/forward-commit.ts';
import { getCommitStatus } from './routes/internal/get-commit-status.ts';
import { listTenantsInAuth } from './routes/internal/get-tenant-in-auth.ts';
import { listDamagedFiles } from './routes/internal/list-damaged-files.ts';
import { listLinkedChildren } from './routes/internal/list-linked-children.ts';
import { listLinkedDescendants } from './routes/internal/list-linked-descendants.ts';
import { locateContent } from './routes/internal/locate-content.ts';
import { putLinkedFile } from './routes/internal/put-linked-file.ts';
import { readLinkedContent } from './routes/internal/read-linked-content.ts';
import { readSegments } from './routes/internal/read-segments.ts';
import { releaseReservation } from './routes/internal/release-reservation.ts';
import { reserveBytes } from './routes/internal/reserve-bytes.ts';
import { resolveForWrite } from './routes/internal/resolve-for-write.ts';
import { storeSegments } from './routes/internal/store-segments.ts';
import { checkDrives } from './routes/internal/check-drives.ts';

/** Endpoints that services and a cell's administrators call at internal addresses: no gateway leads there, no public document has them. */
export const internalRoutes = {
  acceptGrant,
  admitNewcomer,
  endAccount,
  describeInvitees,
  getPerson,
  checkAccess,
  reserveBytes,
  releaseReservation,
  checkPossession,
  storeSegments,
  readSegments,
  forwardCommit,
  findReferenced,
  findAffected,
  reportDamage,
  listReferenced,
  checkDrives,
  checkTenantInUpload,
  checkPoolInUpload,
  listTenantsInAuth,
  recoverAuth,
  recoverMetadata,
  getKeysInUpload,
  rotateKeysInUpload,
  rewrapKeysInUpload,
  retireKeysInUpload,
  listDataKeys,
  rotateDataKey,
  readTenantInAuth,
  restoreTenantInAuth,
  readTenantInMetadata,
  restoreTenantInMetadata,
  readTenantInShare,
  restoreTenantInShare,
  readTenantInNotification,
  restoreTenantInNotification,
  askTenantChunks,
  holdCollection,
  readTenantChunks,
  writeTenantChunks,
  getCommitStatus,
  locateContent,
  resolveForWrite,
  describeLinked,
  listLinkedChildren,
  listLinkedDescendants,
  readLinkedContent,
  listDamagedFiles,
  putLinkedFile,
} as const satisfies Record<string, Route>;
