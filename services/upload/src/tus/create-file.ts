import type { UploadId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import { freshIds } from '../commit-file.ts';
import type { Context } from '../context.ts';
import { findTarget, type Preconditions } from '../find-target.ts';
import type { AtWork } from '../possession.ts';
import { requireUpload } from '../require-upload.ts';
import { addIncomingFile } from '../store/incoming-files.ts';
import { saveIncomingFile } from './save-incoming-file.ts';
import { readMetadata } from './tus-request.ts';

/** The largest file there is. */
export const mostFileBytes = 5 * 2 ** 40;
const mostPathBytes = 33_000;

/** What a client says of a file before its bytes. */
export type Creation = { readonly sizeBytes: number; readonly metadata: string | undefined; readonly preconditions: Preconditions };

/**
 * Opens an upload for a file of a known place and size, with room reserved for all of it; a file of no bytes is saved at once.
 * Preconditions hold until it is saved. Throws what a commit there would: `not_found`, `permission_denied`, `name_taken`,
 * `revision_conflict`, `quota_exceeded`.
 */
export async function createFile(
  context: Context,
  work: AtWork,
  { sizeBytes, metadata, preconditions }: Creation,
): Promise<{ readonly uploadId: UploadId; readonly expiresAt: Date }> {
  if (sizeBytes > mostFileBytes) throw new Problem('too_large', 'No file is larger than 5 TiB');
  const { path, mtime } = destinationOf(readMetadata(metadata), context.nowMs());
  const { entry } = await findTarget(context, work, path, preconditions);
  const { uploadId, entryId, writeId } = freshIds(context.nowMs());
  const key = { tenantId: work.tenantId, drive: work.drive, uploadId, userId: work.actor.userId };
  await requireUpload(context, key);
  const expiresAt = await reserve(context, work, uploadId, sizeBytes);
  const isGuarded = preconditions.ifMatch !== undefined || preconditions.ifNoneMatch !== undefined;
  const file = {
    path,
    sizeBytes,
    mtime,
    guard: isGuarded ? { baseRev: entry?.rev } : undefined,
    entryId: entry?.entryId ?? entryId,
    writeId,
  };
  await addIncomingFile(context.database, key, file);
  if (sizeBytes === 0) await saveIncomingFile(context, work, key, file, { chunks: [], proven: new Set() });
  return { uploadId, expiresAt };
}

/** Keeps room for the whole file, and with it the question whether the caller may write here; answers until when. */
export async function reserve(context: Context, work: AtWork, uploadId: UploadId, sizeBytes: number): Promise<Date> {
  const expiresAt = new Date(context.nowMs() + context.settings.uploadTtlSeconds * 1000);
  await context.metadata.client.call(routes.reserveBytes, {
    ...context.metadata.as(work),
    params: { drive: work.drive, upload: uploadId },
    body: { sizeBytes, expiresAt: expiresAt.toISOString() },
  });
  return expiresAt;
}

function destinationOf(metadata: ReadonlyMap<string, string>, nowMs: number): { readonly path: string; readonly mtime: string } {
  const path = metadata.get('path') ?? metadata.get('filename') ?? '';
  if (path === '' || Buffer.byteLength(path) > mostPathBytes)
    throw new Problem('invalid_argument', 'Upload-Metadata must say where the file goes: its path, or its filename');
  const mtime = metadata.get('mtime') ?? new Date(nowMs).toISOString();
  const ms = Date.parse(mtime);
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(mtime) || !Number.isFinite(ms))
    throw new Problem('invalid_argument', 'mtime of Upload-Metadata must be a time such as 2026-01-31T12:00:00Z');
  return { path, mtime: new Date(ms).toISOString() };
}
