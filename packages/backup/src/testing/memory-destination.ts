import { dataKeyOf, MemoryStore, type PackStore } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { readBackupIndex } from '../backup-index.ts';
import { ContentPieces } from '../content-digests.ts';
import type { Destination } from '../destination.ts';
import { thisWorker } from '../lock/worker.ts';
import { writeManifest, type Manifest } from '../manifest.ts';
import { ObjectWriter } from '../object-writer.ts';

const tenantId = '11111111-1111-4111-8111-111111111111' as TenantId;

/** A destination in memory; `over` puts other stores in the place of its own. */
export function memoryDestination(over: Partial<Destination> = {}): Destination {
  const store = (): PackStore => new MemoryStore();
  const key = dataKeyOf(tenantId, 1, Buffer.alloc(32, 7));
  return {
    tenantId,
    key,
    packs: store(),
    points: store(),
    begun: store(),
    locks: store(),
    worker: thisWorker(),
    close: () => undefined,
    ...over,
  };
}

/** All that comes, in order. */
export async function allOf<T>(coming: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of coming) all.push(one);
  return all;
}

/** What a point of the tests holds. */
export type PointOfTest = {
  readonly id: string;
  /** Lines of services, and contents of files: each an object. */
  readonly rows: readonly Uint8Array[];
  readonly chunks: readonly Uint8Array[];
  /** Only begun: its manifest is not among the whole ones. */
  readonly isBegun?: boolean;
  readonly damaged?: Manifest['damaged'];
};

/** Writes a point as a backup does: objects that are not there yet, then the manifest that names them. */
export async function putPoint(
  destination: Destination,
  { id, rows, chunks, isBegun = false, damaged = [] }: PointOfTest,
): Promise<Manifest> {
  const writer = new ObjectWriter(destination, await readBackupIndex(destination));
  const pieces = [];
  for (const bytes of rows) pieces.push(await writer.addPlain(bytes));
  const digests = [];
  for (const bytes of chunks) digests.push(await writer.addPlain(bytes));
  const contents = new ContentPieces(writer);
  await contents.add([...digests, ...damaged]);
  const manifest: Manifest = {
    format: 1,
    id,
    tenantId,
    begunAt: `2026-01-01T00:00:00.000Z`,
    takenAt: `2026-01-01T00:00:00.000Z ${id}`,
    intent: { tenantId, name: 'of the tests', hosts: [], signUp: 'open' } as unknown as Manifest['intent'],
    rows: [{ service: 'metadata', pieces, counts: { entries: rows.length } }],
    drives: [{ driveId: 'a drive', epoch: 'first', seq: rows.length }],
    contents: await contents.finish(),
    damaged,
  };
  await writer.flush();
  await writeManifest(isBegun ? destination.begun : destination.points, destination.key, manifest);
  return manifest;
}
