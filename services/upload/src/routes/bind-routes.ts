import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { appendToUploadRoute } from './append-to-upload.ts';
import { askMissing } from './ask-missing.ts';
import { askTenantChunksRoute } from './ask-tenant-chunks.ts';
import { checkPoolRoute } from './check-pool.ts';
import { checkTenantRoute } from './check-tenant.ts';
import { closeUploadRoute } from './close-upload.ts';
import { createContentUrl } from './create-content-url.ts';
import { createUploadRoute } from './create-upload.ts';
import { deleteTenantRoute } from './delete-tenant.ts';
import { describeUploadsRoute } from './describe-uploads.ts';
import { fetchChunksRoute } from './fetch-chunks.ts';
import { getContent } from './get-content.ts';
import { getKeysRoute } from './get-keys.ts';
import { getSignedContent } from './get-signed-content.ts';
import { getTenantRoute } from './get-tenant.ts';
import { getUploadRoute } from './get-upload.ts';
import { holdCollectionRoute } from './hold-collection.ts';
import { listDamagedFiles } from './list-damaged-files.ts';
import { listDataKeysRoute } from './list-data-keys.ts';
import { postCommit } from './post-commit.ts';
import { putChunks } from './put-chunks.ts';
import { putContentRoute } from './put-content.ts';
import { putFileBelowRoute } from './put-file-below.ts';
import { putFileRoute } from './put-file.ts';
import { putLinkedFileRoute } from './put-linked-file.ts';
import { putTenantRoute } from './put-tenant.ts';
import { readLinkedContent } from './read-linked-content.ts';
import { readTenantChunksRoute } from './read-tenant-chunks.ts';
import { retireKeysRoute } from './retire-keys.ts';
import { rewrapKeysRoute } from './rewrap-keys.ts';
import { rotateDataKeyRoute } from './rotate-data-key.ts';
import { rotateKeysRoute } from './rotate-keys.ts';
import { writeTenantChunksRoute } from './write-tenant-chunks.ts';

/** All routes of this service. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [
    askMissing,
    putChunks,
    fetchChunksRoute,
    closeUploadRoute,
    describeUploadsRoute,
    createUploadRoute,
    getUploadRoute,
    appendToUploadRoute,
    postCommit,
    getContent,
    createContentUrl,
    getSignedContent,
    putFileRoute,
    putContentRoute,
    putFileBelowRoute,
    readLinkedContent,
    listDamagedFiles,
    putLinkedFileRoute,
    putTenantRoute,
    getTenantRoute,
    deleteTenantRoute,
    checkTenantRoute,
    checkPoolRoute,
    getKeysRoute,
    rotateKeysRoute,
    rewrapKeysRoute,
    retireKeysRoute,
    listDataKeysRoute,
    rotateDataKeyRoute,
    holdCollectionRoute,
    askTenantChunksRoute,
    readTenantChunksRoute,
    writeTenantChunksRoute,
  ].map((bind) => bind(context));
}
