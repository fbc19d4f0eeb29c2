import { listPacks, PackWriter, readFrames, readIndex, StoreError, type DataKey, type PackId, type PackStore } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import type { Digest, TenantId } from '@driftbox/domain';
import type { ServiceName, TenantIntent } from '@driftbox/protocol';

/** One point of a tenant: what its rows are, and which chunks they name. Objects are named by their digests. */
export type Manifest = {
  readonly format: 1;
  readonly id: string;
  readonly tenantId: TenantId;
  /** RFC 3339: all snapshots were taken between these two. */
  readonly begunAt: string;
  readonly takenAt: string;
  /** Without secrets. */
  readonly intent: TenantIntent;
  readonly rows: readonly {
    readonly service: ServiceName;
    /** Lines as the service wrote them, cut by content. */
    readonly pieces: readonly Digest[];
    readonly counts: Readonly<Record<string, number>>;
  }[];
  /** How far each drive's journal was. */
  readonly drives: readonly { readonly driveId: string; readonly epoch: string; readonly seq: number }[];
  /** The digests of all chunks, 32 bytes each, in these pieces. */
  readonly contents: { readonly pieces: readonly Digest[]; readonly count: number };
  /** Chunks that the tenant itself could not read any more. */
  readonly damaged: readonly Digest[];
};

/** What a manifest of any kind says. */
type Taken = { readonly id: string; readonly takenAt: string };

const pieceBytes = 4 << 20;

/** Writes a manifest as a pack; durable once it resolves. */
export async function writeManifest<M extends Taken = Manifest>(store: PackStore, key: DataKey, manifest: M): Promise<PackId> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const writer = new PackWriter(key);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    writer.add({ digest: digestOf(piece), plainSize: piece.length, encoding: 'raw', bytes: piece });
  }
  await writer.sealed();
  const sealed = writer.finish();
  await store.write(sealed.id, sealed.bytes);
  return sealed.id;
}

/**
 * Every manifest of a store, oldest point first. One that goes meanwhile is left out where that `mayGo`. Throws `StoreError`, `corrupt`
 * where the key is another one.
 */
export async function readManifests<M extends Taken = Manifest>(
  store: PackStore,
  key: DataKey,
  { mayGo = false }: { readonly mayGo?: boolean } = {},
): Promise<{ packId: PackId; manifest: M }[]> {
  const found: { packId: PackId; manifest: M }[] = [];
  for await (const { id } of listPacks(store)) {
    try {
      found.push({ packId: id, manifest: await readManifest<M>(store, key, id) });
    } catch (error) {
      if (!mayGo || !(error instanceof StoreError && error.kind === 'not_found')) throw error;
    }
  }
  return found.sort((a, b) => (a.manifest.takenAt < b.manifest.takenAt ? -1 : 1));
}

/** One of them. Throws `StoreError`. */
export async function readManifest<M>(store: PackStore, key: DataKey, id: PackId): Promise<M> {
  const { frames } = await readIndex(store, id, () => Promise.resolve(key));
  const pieces: Uint8Array[] = [];
  for await (const piece of readFrames(store, key, frames)) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString()) as M;
}
