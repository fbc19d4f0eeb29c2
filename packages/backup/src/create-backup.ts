import { randomUUID } from 'node:crypto';
import { listPacks, type PackId, type PackStore } from '@driftbox/chunk-store';
import { chunkStream } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import { readBackupIndex, type BackupIndex } from './backup-index.ts';
import { holdCollection, keepers, type Cell } from './cell.ts';
import { ContentPieces, readContentDigests } from './content-digests.ts';
import type { Destination } from './destination.ts';
import { fetchContents } from './fetch-contents.ts';
import { holding, type Held } from './lock/held.ts';
import { readManifests, writeManifest, type Manifest } from './manifest.ts';
import { ObjectWriter } from './object-writer.ts';
import type { Tell } from './progress.ts';
import { readLines, tapped } from './tenant-lines.ts';

/** A point that is whole, and what making it took. */
export type CreatedBackup = {
  readonly id: string;
  readonly takenAt: string;
  /** It was begun by an earlier run. */
  readonly resumed: boolean;
  readonly drives: number;
  readonly rows: number;
  readonly chunks: number;
  /** Objects and bytes that the destination did not have before. */
  readonly newObjects: number;
  readonly newBytes: number;
  readonly damaged: readonly Digest[];
};

const chunksAtOnce = 500;
const renewMs = 600_000;
/** Shorter than the hold that a run takes. */
const goOnMs = 23 * 3_600_000;

/**
 * Makes a backup of the destination's tenant while people work: the rows of each service as they are in one snapshot, all of them
 * taken within a moment, then the chunks that they name and the destination lacks. A run that died is gone on with, at the point
 * that it had read. Nothing is a point before all of it is durable and verified. With `wantedId` the point is that one: where it
 * is whole already nothing is done, and what was begun under another id is not gone on with. Throws `locked` where another is being
 * made, or one is being removed.
 */
export async function createBackup(
  cell: Cell,
  destination: Destination,
  { tell = () => undefined, signal, wantedId }: { readonly tell?: Tell; readonly signal: AbortSignal; readonly wantedId?: string },
): Promise<CreatedBackup> {
  const { points, key } = destination;
  const whole = (await readManifests(points, key, { mayGo: true })).find(({ manifest }) => manifest.id === wantedId);
  if (whole !== undefined) return createdOf(whole.manifest, true, { objects: 0, bytes: 0 });
  return holding(destination, 'create', { owner: wantedId, signal }, (held) => make({ cell, destination, held, tell, signal }, wantedId));
}

type Run = {
  readonly cell: Cell;
  readonly destination: Destination;
  readonly held: Held;
  readonly tell: Tell;
  readonly signal: AbortSignal;
};
/** What a run knows to be there, and how it adds to it. */
type Objects = { readonly index: BackupIndex; readonly writer: ObjectWriter };

async function make(run: Run, wantedId: string | undefined): Promise<CreatedBackup> {
  const { cell, destination } = run;
  const { tenantId, points, begun, key } = destination;
  const index = await readBackupIndex(destination);
  const objects = { index, writer: new ObjectWriter(destination, index) };
  const earlier = await findBegun(destination, index, wantedId);
  const id = earlier?.id ?? wantedId ?? randomUUID();
  await holdCollection(cell, tenantId, id);
  const manifest = earlier ?? (await readRows(run, objects, id));
  const damaged = await copyContents(run, objects, manifest);
  await objects.writer.flush();
  const known = (await readManifests(points, key)).filter((point) => point.manifest.id === id);
  await keep(run, points, index, { ...manifest, damaged });
  for (const { packId } of known) await points.delete(packId);
  for (const { packId } of await readManifests(begun, key)) await begun.delete(packId);
  await holdCollection(cell, tenantId, id, 0);
  return createdOf({ ...manifest, damaged }, earlier !== undefined, objects.writer.written);
}

/**
 * Writes a manifest, and takes it back where others worked here meanwhile. A removal that comes after it finds it, and takes nothing of
 * what it names.
 */
async function keep({ destination, held }: Run, store: PackStore, index: BackupIndex, manifest: Manifest): Promise<void> {
  const packId = await writeManifest(store, destination.key, manifest);
  try {
    await held.check();
    const packs = new Set<PackId>();
    for (const { packId: needed } of index.values()) packs.add(needed);
    for await (const { id } of listPacks(destination.packs)) packs.delete(id);
    if (packs.size > 0) throw new Problem('unavailable', `${packs.size} packs of this place went while it was worked with; run it again`);
  } catch (error) {
    await store.delete(packId).catch(() => undefined);
    throw error;
  }
}

function createdOf(
  { id, takenAt, drives, rows, contents, damaged }: Manifest,
  resumed: boolean,
  { objects: newObjects, bytes: newBytes }: ObjectWriter['written'],
): CreatedBackup {
  const counts = rows.flatMap((one) => Object.values(one.counts));
  const sum = counts.reduce((total, count) => total + count, 0);
  return { id, takenAt, resumed, drives: drives.length, rows: sum, chunks: contents.count, newObjects, newBytes, damaged };
}

/**
 * The point that an earlier run had begun, unless rows of it are gone, or collection is no longer held back for it: then what it names may
 * be gone.
 */
async function findBegun({ begun, key }: Destination, index: BackupIndex, wantedId: string | undefined): Promise<Manifest | undefined> {
  const usable: Manifest[] = [];
  for (const { packId, manifest } of await readManifests(begun, key)) {
    const pieces = [...manifest.rows.flatMap((row) => row.pieces), ...manifest.contents.pieces];
    if (Date.now() - Date.parse(manifest.takenAt) <= goOnMs && pieces.every((piece) => index.has(piece))) usable.push(manifest);
    else await begun.delete(packId);
  }
  return usable.findLast(({ id }) => (wantedId ?? id) === id);
}

/** Reads all rows, and keeps what was read as begun. */
async function readRows(run: Run, { index, writer }: Objects, id: string): Promise<Manifest> {
  const { cell, destination, signal, tell } = run;
  const { tenantId } = destination;
  const params = { tenant: tenantId };
  const { intent } = await cell('auth', tenantId).call(routes.getTenantInAuth, { params, signal });
  const begunAt = new Date().toISOString();
  // An answer begins once its snapshot is taken: all of them are before any is read.
  const answers = await Promise.all(keepers.map(({ service, read }) => cell(service, tenantId).stream(read, { params, signal })));
  const takenAt = new Date().toISOString();
  const contents = new ContentPieces(writer);
  const drives: Manifest['drives'][number][] = [];
  const told = { rows: 0, bytes: 0 };
  const rows = await Promise.all(
    answers.map(async ({ body }, at): Promise<Manifest['rows'][number]> => {
      const pieces: Digest[] = [];
      let counts: Readonly<Record<string, number>> = {};
      const kept = async function* (): AsyncGenerator<Uint8Array> {
        for await (const { bytes } of chunkStream(body)) yield bytes;
      };
      const keep = async (piece: Uint8Array): Promise<void> => {
        pieces.push(await writer.addPlain(piece));
        told.bytes += piece.length;
        tell({ stage: 'rows', done: told.rows, bytes: told.bytes });
      };
      for await (const line of readLines(tapped(kept(), keep))) {
        if (line.contents !== undefined) await contents.add(line.contents);
        told.rows += line.rows?.length ?? 0;
        if (line.table === 'drives') drives.push(...(line.rows ?? []).map(headOf));
        counts = line.end ?? counts;
      }
      return { service: keepers[at]?.service ?? 'auth', pieces, counts };
    }),
  );
  const manifest = {
    format: 1,
    id,
    tenantId,
    begunAt,
    takenAt,
    intent,
    rows,
    drives,
    contents: await contents.finish(),
    damaged: [],
  } as const;
  await writer.flush();
  await keep(run, destination.begun, index, manifest);
  return manifest;
}

function headOf(row: Readonly<Record<string, unknown>>): Manifest['drives'][number] {
  return { driveId: String(row['drive_id']), epoch: String(row['epoch']), seq: Number(row['seq']) };
}

/** Fetches what the destination lacks; answers what nobody can read any more. */
async function copyContents({ cell, destination, signal, tell }: Run, { index, writer }: Objects, manifest: Manifest): Promise<Digest[]> {
  const damaged: Digest[] = [];
  let heldMs = performance.now();
  let [done, bytes] = [0, 0];
  for await (const digests of readContentDigests(destination, index, manifest)) {
    const lacking = digests.filter((digest) => !index.has(digest));
    done += digests.length - lacking.length;
    for (let at = 0; at < lacking.length; at += chunksAtOnce) {
      const some = lacking.slice(at, at + chunksAtOnce);
      const fetched = await fetchContents(cell, destination.tenantId, writer, some, signal);
      damaged.push(...fetched.damaged);
      done += some.length;
      bytes += fetched.bytes;
      tell({ stage: 'contents', done, total: manifest.contents.count, bytes });
      if (performance.now() - heldMs < renewMs) continue;
      await holdCollection(cell, destination.tenantId, manifest.id);
      heldMs = performance.now();
    }
  }
  return damaged;
}
