import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseUploadId } from '@driftbox/domain';
import type { UploadId } from '@driftbox/domain';
import { newId } from '@driftbox/transfer';
import { writePrivateFile } from '../write-private-file.ts';

/** An upload that a killed run can take up again: servers keep one for a day. */
export type UploadState = {
  /** True when an earlier run left it: chunks of it may be on the server. */
  resumed(): boolean;
  opened(): boolean;
  /** The upload's id, made and written down when first asked for. */
  uploadId(): Promise<UploadId>;
  /** Forgets the upload, whether or not it was opened. */
  forget(): Promise<void>;
};

/** Less than the day after which servers forget an upload. */
const keptMs = 20 * 3_600_000;

/** The upload of one source to one destination. `folder` is the configuration folder. */
export async function openUploadState(folder: string, what: readonly string[]): Promise<UploadState> {
  const directory = path.join(folder, 'uploads');
  const file = path.join(directory, `${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)}.json`);
  let known = await readState(file);
  const resumed = known !== undefined;
  let saving: Promise<UploadId> | undefined;
  const save = async (): Promise<UploadId> => {
    const uploadId = newId(parseUploadId);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writePrivateFile(file, JSON.stringify({ uploadId, startedAt: new Date().toISOString() }));
    return (known = uploadId);
  };
  return {
    resumed: () => resumed,
    opened: () => known !== undefined,
    uploadId: async () => known ?? (saving ??= save()),
    forget: () => rm(file, { force: true }),
  };
}

async function readState(file: string): Promise<UploadId | undefined> {
  try {
    const { uploadId, startedAt } = JSON.parse(await readFile(file, 'utf8')) as { uploadId: string; startedAt: string };
    return Date.now() - Date.parse(startedAt) < keptMs ? parseUploadId(uploadId) : undefined;
  } catch {
    // Missing or damaged: then there is nothing to resume.
    return undefined;
  }
}
