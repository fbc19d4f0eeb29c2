import type { Client } from '@driftbox/api-client';
import { digestOf } from '@driftbox/chunking';
import { decodeRoot, openChunkList } from '@driftbox/domain';
import type { ChunkRef, Digest, ListBlock } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { fetchPlain } from './fetch-plain.ts';

/** The chunks of a file on the server: as told inline, or read from its list's root and segments and verified. */
export async function readChunkList(
  client: Client,
  drive: Drive,
  file: Pick<Extract<Entry, { kind: 'file' }>, 'listId' | 'chunks'>,
): Promise<readonly ChunkRef[]> {
  if (file.chunks !== undefined) return file.chunks;
  const [root] = await blocks(client, drive, [file.listId]);
  const refs = root === undefined ? undefined : decodeRoot(root.bytes);
  if (root === undefined || refs === undefined) throw new Problem('internal', 'The server sent no chunk list');
  const segments = await blocks(client, drive, [...new Set(refs.map((ref) => ref.digest))]);
  const opened = openChunkList(file.listId, root.bytes, segments, digestOf);
  if (!opened.ok) throw new Problem('digest_mismatch', `The server sent a wrong chunk list: ${opened.detail}`);
  return opened.chunks;
}

async function blocks(client: Client, drive: Drive, digests: readonly Digest[]): Promise<ListBlock[]> {
  const got: ListBlock[] = [];
  for await (const { digest, bytes } of fetchPlain(client, drive, digests)) got.push({ digest, bytes });
  return got;
}
