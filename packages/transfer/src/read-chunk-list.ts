import type { Client } from '@driftbox/api-client';
import { digestOf, maxBases } from '@driftbox/chunking';
import { buildChunkList, decodeRoot, diffChunkLists, openChunkList } from '@driftbox/domain';
import type { ChunkRef, Digest, ListBlock, SegmentRef } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { fetchPlain } from './fetch-plain.ts';
import type { FetchOptions } from './fetch-plain.ts';

/**
 * The chunks of a file on the server: as told inline, or read from its list's root and segments and verified. Where the chunks
 * of an earlier content are at hand, as `old`, only segments that it does not share are read, as deltas against those in their
 * place.
 */
export async function readChunkList(
  client: Client,
  drive: Drive,
  file: Pick<Extract<Entry, { kind: 'file' }>, 'listId' | 'chunks'>,
  old: readonly ChunkRef[] = [],
): Promise<readonly ChunkRef[]> {
  if (file.chunks !== undefined) return file.chunks;
  const [root] = await blocks(client, drive, [file.listId]);
  const refs = root === undefined ? undefined : decodeRoot(root.bytes);
  if (root === undefined || refs === undefined) throw new Problem('internal', 'The server sent no chunk list');
  const held = blocksOf(old);
  const lacked = [...new Set(refs.map((ref) => ref.digest))].filter((digest) => !held.segments.has(digest));
  const readBase = async (digest: Digest): Promise<Uint8Array> => held.segments.get(digest) ?? new Uint8Array(0);
  const fetched = await blocks(client, drive, lacked, { have: basesIn(held.refs, refs), readBase });
  const kept = [...held.segments].map(([digest, bytes]) => ({ digest, bytes }));
  const opened = openChunkList(file.listId, root.bytes, [...kept, ...fetched], digestOf);
  if (!opened.ok) throw new Problem('digest_mismatch', `The server sent a wrong chunk list: ${opened.detail}`);
  return opened.chunks;
}

type Held = { readonly refs: readonly SegmentRef[]; readonly segments: ReadonlyMap<Digest, Uint8Array> };

function blocksOf(chunks: readonly ChunkRef[]): Held {
  const list = buildChunkList(chunks, digestOf);
  if (list.form === 'inline') return { refs: [], segments: new Map() };
  return { refs: decodeRoot(list.root.bytes) ?? [], segments: new Map(list.segments.map(({ digest, bytes }) => [digest, bytes])) };
}

/** For each segment that an edit brought, those that it took out. */
function basesIn(held: readonly SegmentRef[], refs: readonly SegmentRef[]): Map<Digest, Digest[]> {
  const bases = new Map<Digest, Digest[]>();
  if (held.length === 0) return bases;
  for (const { at, remove, insert } of diffChunkLists(held, refs)) {
    const taken = held.slice(at, at + Math.min(remove, maxBases)).map((ref) => ref.digest);
    if (taken.length > 0) for (const { digest } of insert) bases.set(digest, taken);
  }
  return bases;
}

async function blocks(client: Client, drive: Drive, digests: readonly Digest[], options?: FetchOptions): Promise<ListBlock[]> {
  const got: ListBlock[] = [];
  for await (const { digest, bytes } of fetchPlain(client, drive, digests, options)) got.push({ digest, bytes });
  return got;
}
