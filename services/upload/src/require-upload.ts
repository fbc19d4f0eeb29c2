import { Problem } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { openUpload, type UploadKey } from './store/open-upload.ts';

/**
 * Opens the upload, or renews it. Throws `not_found` where the id is in use by another user or for another drive, and
 * `rate_limited` where the tenant has as many open as it may.
 */
export async function requireUpload({ database, settings }: Context, upload: UploadKey): Promise<void> {
  const outcome = await openUpload(database, upload, settings.uploadTtlSeconds);
  if (outcome === 'full') throw new Problem('rate_limited', 'The tenant has as many uploads open as it may', { retryAfterSeconds: 30 });
  if (outcome === 'taken') throw new Problem('not_found', 'There is no such upload');
}
