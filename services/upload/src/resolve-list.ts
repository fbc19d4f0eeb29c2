import { digestOf } from '@driftbox/chunking';
import {
  applySplices,
  buildChunkList,
  decodeRoot,
  listIdOf,
  openChunkList,
  type ChunkList,
  type ChunkRef,
  type Digest,
  type UploadId,
} from '@driftbox/domain';
import type { WireOperation, WireOutcome } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { readSegments, storeSegments } from './metadata.ts';
import type { AtWork } from './possession.ts';
import { present } from './present.ts';

type PutFile = Extract<WireOperation, { op: 'putFile' }>;

/** What a putFile's content turned out to be. */
export type Resolved =
  | { readonly ok: true; readonly listId: Digest; readonly chunks: readonly ChunkRef[] }
  /** Only an id, and no segmented list: a one-chunk file if the chunk is there, else known to metadata or to nobody. */
  | { readonly ok: true; readonly listId: Digest; readonly chunks: undefined }
  | { readonly ok: false; readonly outcome: WireOutcome };

function refuse(detail: string): Resolved {
  return { ok: false, outcome: { outcome: 'invalid_argument', detail } };
}

function missing(digests: readonly Digest[]): Resolved {
  return { ok: false, outcome: { outcome: 'chunk_missing', digests: digests.slice(0, 10_000) } };
}

/**
 * Turns what a client says about a file's content into its whole chunk list: as sent, opened from the segments that
 * the drive possesses or this upload brought, or a base list with splices. Trusts nothing: ids and sizes are checked.
 * Whether the drive possesses the chunks is not decided here.
 */
export async function resolveList(context: Context, work: AtWork, uploadId: UploadId, file: PutFile): Promise<Resolved> {
  if (file.chunkList !== undefined) return check(file, listIdOf(file.chunkList, digestOf), file.chunkList);
  if (file.chunkListDelta !== undefined) return resolveDelta(context, work, uploadId, file, file.chunkListDelta);
  const listId = present(file.listId, 'a content is one of list, id and delta');
  if (file.sizeBytes === 0) return check(file, listId, []);
  const opened = await openList(context, work, uploadId, listId);
  if (opened === undefined) return { ok: true, listId, chunks: undefined };
  return opened.ok ? check(file, listId, opened.chunks) : opened;
}

function check(file: PutFile, listId: Digest, chunks: readonly ChunkRef[]): Resolved {
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
  if (sizeBytes !== file.sizeBytes) return refuse('sizeBytes is not the sum of the chunks');
  if (chunks.length === 0 && listIdOf([], digestOf) !== listId) return refuse('listId does not name the empty list');
  return { ok: true, listId, chunks };
}

type Opened = { readonly ok: true; readonly chunks: readonly ChunkRef[] } | Extract<Resolved, { ok: false }>;

/** The chunks of a segmented list, or `undefined` when the drive has no root of that id. */
async function openList(context: Context, work: AtWork, uploadId: UploadId, listId: Digest): Promise<Opened | undefined> {
  const root = (await readSegments(context.metadata, work, work.drive, [listId], uploadId)).get(listId);
  const refs = root === undefined ? undefined : decodeRoot(root);
  if (root === undefined || refs === undefined) return undefined;
  const blocks = await readSegments(context.metadata, work, work.drive, [...new Set(refs.map((ref) => ref.digest))], uploadId);
  const opened = openChunkList(
    listId,
    root,
    [...blocks].map(([digest, bytes]) => ({ digest, bytes })),
    digestOf,
  );
  if (opened.ok) return opened;
  return (opened.missing === undefined ? refuse(opened.detail) : missing(opened.missing)) as Extract<Resolved, { ok: false }>;
}

async function resolveDelta(
  context: Context,
  work: AtWork,
  uploadId: UploadId,
  file: PutFile,
  delta: NonNullable<PutFile['chunkListDelta']>,
): Promise<Resolved> {
  const base = await openList(context, work, uploadId, delta.baseListId);
  if (base === undefined) return missing([delta.baseListId]);
  if (!base.ok) return base;
  const spliced = applySplices(base.chunks, delta.splices);
  if (!spliced.ok) return refuse(spliced.detail);
  const list = buildChunkList(spliced.chunks, digestOf);
  if (list.listId !== delta.resultListId) return refuse('the splices do not lead to resultListId');
  const checked = check(file, list.listId, spliced.chunks);
  if (checked.ok) await keepBlocks(context, work, uploadId, list);
  return checked;
}

/** Hands the blocks of a segmented list to metadata, so that a commit may name it by its id. */
export async function keepBlocks(context: Context, work: AtWork, uploadId: UploadId, list: ChunkList): Promise<void> {
  if (list.form === 'segmented') await storeSegments(context.metadata, work, work.drive, uploadId, [...list.segments, list.root]);
}
