import { randomUUID } from 'node:crypto';
import { chunkStream } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { readBackupIndex, type BackupIndex } from './backup-index.ts';
import { holdCollection, keepers, type Cell } from './cell.ts';
import { ContentPieces, readContentDigests } from './content-digests.ts';
import type { Destination } from './destination.ts';
import { fetchContents } from './fetch-contents.ts';
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
 * is whole already nothing is done, and what was begun under another id is not gone on with.
 */
export async function createBackup(
  cell: Cell,
  destination: Destination,
  { tell = () => undefined, signal, wantedId }: { readonly tell?: Tell; readonly signal: AbortSignal; readonly wantedId?: string },
): Promise<CreatedBackup> {
  const { tenantId } = destination;
  const whole = (await readManifests(destination.points, destination.key)).find(({ manifest }) => manifest.id === wantedId);
  if (whole !== undefined) return createdOf(whole.manifest, true, { objects: 0, bytes: 0 });
  const index = await readBackupIndex(destination);
  const writer = new ObjectWriter(destination, index);
  const begun = await findBegun(destination, wantedId);
  const id = begun?.manifest.id ?? wantedId ?? randomUUID();
  await holdCollection(cell, tenantId, id);
  const manifest = begun?.manifest ?? (await readRows(cell, destination, writer, id, signal, tell));
  const damaged = await copyContents(cell, destination, { index, writer, manifest, signal, tell });
  await writer.flush();
  const known = (await readManifests(destination.points, destination.key)).some((point) => point.manifest.id === id);
  if (!known) await writeManifest(destination.points, destination.key, { ...manifest, damaged });
  for (const { packId } of await readManifests(destination.begun, destination.key)) await destination.begun.delete(packId);
  await holdCollection(cell, tenantId, id, 0);
  return createdOf({ ...manifest, damaged }, begun !== undefined, writer.written);
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

/** The point that an earlier run had begun, unless collection is no longer held back for it: then what it names may be gone. */
async function findBegun({ begun, key }: Destination, wantedId: string | undefined): Promise<{ manifest: Manifest } | undefined> {
  const all = await readManifests(begun, key);
  for (const { packId, manifest } of all) if (Date.now() - Date.parse(manifest.takenAt) > goOnMs) await begun.delete(packId);
  return all.findLast(({ manifest: { id, takenAt } }) => (wantedId ?? id) === id && Date.now() - Date.parse(takenAt) <= goOnMs);
}

/** Reads all rows, and keeps what was read as begun. */
async function readRows(
  cell: Cell,
  destination: Destination,
  writer: ObjectWriter,
  id: string,
  signal: AbortSignal,
  tell: Tell,
): Promise<Manifest> {
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
  await writeManifest(destination.begun, destination.key, manifest);
  return manifest;
}

function headOf(row: Readonly<Record<string, unknown>>): Manifest['drives'][number] {
  return { driveId: String(row['drive_id']), epoch: String(row['epoch']), seq: Number(row['seq']) };
}

/** Fetches what the destination lacks; answers what nobody can read any more. */
async function copyContents(
  cell: Cell,
  destination: Destination,
  work: {
    readonly index: BackupIndex;
    readonly writer: ObjectWriter;
    readonly manifest: Manifest;
    readonly signal: AbortSignal;
    readonly tell: Tell;
  },
): Promise<Digest[]> {
  const { index, writer, manifest, signal, tell } = work;
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
