import type { ChunkRef, Digest, EntryId, WriteId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toSortedBytes } from '../digest-bytes.ts';
import type { UploadKey } from './open-upload.ts';

/** Where a file goes that comes piece by piece, and what guards what is there. */
export type Destination = {
  readonly path: string;
  readonly sizeBytes: number;
  /** RFC 3339. */
  readonly mtime: string;
  /** It is saved over this revision of `entryId` alone (`undefined`: as a new entry); otherwise over whatever is there. */
  readonly guard: { readonly baseRev: number | undefined } | undefined;
  /** Of what it is saved over, or of a new entry. */
  readonly entryId: EntryId;
  readonly writeId: WriteId;
};

/** A file on its way, and how far it is. */
export type IncomingFile = Destination & { readonly offsetBytes: number; readonly expiresAt: Date; readonly saved: boolean };

const addStatement = statement({
  name: 'upload.add-incoming-file',
  text: `
    INSERT INTO incoming_files (tenant, upload_id, path, size_bytes, mtime, guarded, base_rev, entry_id, write_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
});
const readStatement = statement({
  name: 'upload.read-incoming-file',
  text: `
    SELECT i.path, i.size_bytes, i.offset_bytes, i.mtime, i.guarded, i.base_rev, i.entry_id, i.write_id, i.saved, u.expires_at
    FROM uploads u JOIN incoming_files i ON i.tenant = u.tenant AND i.upload_id = u.upload_id
    WHERE u.tenant = $1 AND u.upload_id = $2 AND u.drive = $3 AND u.user_id = $4 AND u.expires_at > now()`,
});
const advanceStatement = statement({
  name: 'upload.advance-incoming-file',
  text: `
    WITH held AS (
      UPDATE incoming_files SET offset_bytes = $4 WHERE tenant = $1 AND upload_id = $2 AND offset_bytes = $3 AND NOT saved
      RETURNING upload_id
    ), piece AS (
      INSERT INTO incoming_pieces (tenant, upload_id, offset_bytes, digests, sizes)
      SELECT $1, upload_id, $3, $5, $6::integer[] FROM held
    ), proven AS (
      INSERT INTO proofs (tenant, upload_id, digest) SELECT $1, upload_id, d FROM held, unnest($7::bytea[]) AS d
      ON CONFLICT DO NOTHING
    )
    UPDATE uploads SET expires_at = now() + make_interval(secs => $8) FROM held
    WHERE uploads.tenant = $1 AND uploads.upload_id = held.upload_id
    RETURNING uploads.expires_at`,
});
const piecesStatement = statement({
  name: 'upload.read-incoming-pieces',
  text: 'SELECT digests, sizes FROM incoming_pieces WHERE tenant = $1 AND upload_id = $2 ORDER BY offset_bytes',
});
const savedStatement = statement({
  name: 'upload.mark-incoming-file-saved',
  text: 'UPDATE incoming_files SET saved = true, offset_bytes = size_bytes WHERE tenant = $1 AND upload_id = $2',
});

/** Notes where the file of an open upload goes. */
export async function addIncomingFile(database: Database, { tenantId, uploadId }: UploadKey, to: Destination): Promise<void> {
  const values = [to.path, to.sizeBytes, to.mtime, to.guard !== undefined, to.guard?.baseRev ?? null, to.entryId, to.writeId];
  await database.withTenant(tenantId, addStatement, [tenantId, uploadId, ...values], { readOnly: false, attempts: 1 });
}

type Row = {
  readonly path: string;
  readonly size_bytes: number;
  readonly offset_bytes: number;
  readonly mtime: number;
  readonly guarded: boolean;
  readonly base_rev: number | null;
  readonly entry_id: EntryId;
  readonly write_id: WriteId;
  readonly saved: boolean;
  readonly expires_at: number;
};

/** The file of this user's open upload to this drive. */
export async function readIncomingFile(database: Database, upload: UploadKey): Promise<IncomingFile | undefined> {
  const { tenantId, uploadId, drive, userId } = upload;
  const { rows } = await database.withTenant<Row>(tenantId, readStatement, [tenantId, uploadId, drive, userId]);
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    path: row.path,
    sizeBytes: row.size_bytes,
    offsetBytes: row.offset_bytes,
    mtime: new Date(row.mtime).toISOString(),
    guard: row.guarded ? { baseRev: row.base_rev ?? undefined } : undefined,
    entryId: row.entry_id,
    writeId: row.write_id,
    saved: row.saved,
    expiresAt: new Date(row.expires_at),
  };
}

/**
 * Notes durable chunks that begin at `fromBytes`, with the proof that they came, and renews the upload; answers until when.
 * `undefined`: the upload is at another offset by now, or closed, and nothing was noted.
 */
export async function advanceIncomingFile(
  database: Database,
  { tenantId, uploadId }: UploadKey,
  fromBytes: number,
  chunks: readonly ChunkRef[],
  ttlSeconds: number,
): Promise<Date | undefined> {
  const toBytes = chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, fromBytes);
  const digests = Buffer.concat(chunks.map(({ digest }) => Buffer.from(digest, 'hex')));
  const sizes = chunks.map(({ sizeBytes }) => sizeBytes);
  const proofs = toSortedBytes(new Set(chunks.map(({ digest }) => digest)));
  const values = [tenantId, uploadId, fromBytes, toBytes, digests, sizes, proofs, ttlSeconds];
  const { rows } = await database.withTenant<{ expires_at: number }>(tenantId, advanceStatement, values, { readOnly: false, attempts: 1 });
  const [row] = rows;
  return row === undefined ? undefined : new Date(row.expires_at);
}

/** All chunks that were noted, in order. */
export async function readIncomingChunks(database: Database, { tenantId, uploadId }: UploadKey): Promise<ChunkRef[]> {
  type Piece = { readonly digests: Buffer; readonly sizes: readonly number[] };
  const { rows } = await database.withTenant<Piece>(tenantId, piecesStatement, [tenantId, uploadId]);
  return rows.flatMap(({ digests, sizes }) => sizes.map((sizeBytes, index): ChunkRef => ({ digest: digestAt(digests, index), sizeBytes })));
}

/** The file is committed: from now on the upload says that all of it has come. */
export async function markSaved(database: Database, { tenantId, uploadId }: UploadKey): Promise<void> {
  await database.withTenant(tenantId, savedStatement, [tenantId, uploadId], { readOnly: false, attempts: 3 });
}

function digestAt(digests: Buffer, index: number): Digest {
  return fromBytes(digests.subarray(32 * index, 32 * (index + 1)));
}
