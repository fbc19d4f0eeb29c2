import { decodeRoot, decodeSegment, type Digest, type EntryId, type UploadId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { readInDrive, readInEntry, requireDrive, requireEntry, type Asker } from './access-drive.ts';
import { sha256 } from './operation.ts';
import { keepListMembers, keepLists } from './store/keep-lists.ts';
import { keepProvisional, readSegments as readSql } from './store/segments.ts';

/** A segment or root on the wire: its digest and its canonical encoding in base64. */
type WireSegment = { readonly digest: Digest; readonly bytes: string };
type Opened = { readonly digest: Digest; readonly form: 2 | 3; readonly hex: string; readonly members: readonly Digest[] };

/** Keeps segments and roots for a commit to come of who may write the drive, or the entry; each must be what its digest says. */
export async function storeSegments(
  database: Database,
  asker: Asker,
  {
    uploadId,
    segments,
    entry,
  }: { readonly uploadId: UploadId; readonly segments: readonly WireSegment[]; readonly entry?: EntryId | undefined },
): Promise<void> {
  const opened = [...new Map(segments.map((segment) => [segment.digest, open(segment)])).values()];
  const members = opened.flatMap(({ digest, members: digests }) =>
    [...new Set(digests)].map((member) => ({ digest: member, list: digest })),
  );
  await database.transaction(
    asker.tenantId,
    async (tx) => {
      await (entry === undefined ? requireDrive(tx, asker, 'write') : requireEntry(tx, asker, entry, 'write'));
      if (opened.length === 0) return;
      tx.defer(keepLists, [tx.tenantId, opened.map((one) => one.digest), opened.map((one) => one.form), opened.map((one) => one.hex)]);
      tx.defer(keepListMembers, [tx.tenantId, members.map((one) => one.digest), members.map((one) => one.list)]);
      tx.defer(keepProvisional, [tx.tenantId, asker.driveId, uploadId, opened.map((one) => one.digest)]);
    },
    { signal: asker.signal, attempts: 3 },
  );
}

/** The encodings that this drive retains or this upload brought, for who may read the drive, or the entry; the others are left out. */
export async function readSegments(
  database: Database,
  asker: Asker,
  {
    digests,
    uploadId,
    entry,
  }: { readonly digests: readonly Digest[]; readonly uploadId?: UploadId | undefined; readonly entry?: EntryId | undefined },
): Promise<WireSegment[]> {
  type Row = { digest: Digest; encoded: Buffer };
  const values = [digests, uploadId ?? null];
  const { rows } = await (entry === undefined
    ? readInDrive<Row>(database, asker, readSql, values)
    : readInEntry<Row>(database, asker, entry, readSql, values));
  return rows.map((row) => ({ digest: row.digest, bytes: row.encoded.toString('base64') }));
}

function open({ digest, bytes }: WireSegment): Opened {
  const plain = Buffer.from(bytes, 'base64');
  if (sha256(plain) !== digest) throw new Problem('digest_mismatch', 'A segment is not what its digest says');
  const root = decodeRoot(plain);
  const rows = root ?? decodeSegment(plain);
  if (rows === undefined) throw new Problem('invalid_argument', 'These bytes are neither a segment nor a root');
  return { digest, form: root === undefined ? 3 : 2, hex: plain.toString('hex'), members: rows.map((row) => row.digest) };
}
