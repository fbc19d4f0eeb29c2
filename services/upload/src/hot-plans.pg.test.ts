import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseCommitId, parseDigest, parseDriveId, parseTenantId, parseUserId } from '@driftbox/domain';
import { createTestDatabase, measurePlans, newId, recordStatements, type TestDatabase } from '@driftbox/testkit';
import { findPlaces } from './store/find-places.ts';
import { findProofs } from './store/find-proofs.ts';
import { pinCommit } from './store/pin-commit.ts';

const large = new Set(['packs', 'chunks', 'proofs', 'uploads']);
const each = 500;
const tenants = 100;
const from = `FROM generate_series(1, ${tenants}) t, generate_series(1, ${each}) n`;
const id = (name: string, number = 'n'): string => `md5('${name}-' || t || '-' || ${number})::uuid`;
const digest = `sha256((t || '-' || n)::bytea)`;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ service: 'upload', migrations: new URL('../migrations/', import.meta.url) });
  await db.adminQuery(
    `INSERT INTO upload.packs (tenant, pack_id, generation, size_bytes, live_bytes)
     SELECT ${id('tenant', '0')}, ${id('pack')}, 1, 100, 100 ${from}`,
  );
  await db.adminQuery(
    `INSERT INTO upload.chunks (tenant, pack_id, offset_bytes, length_bytes, plain_bytes, frame_index, encoding, digest)
     SELECT ${id('tenant', '0')}, ${id('pack')}, 0, 100, 100, 0, 0, ${digest} ${from}`,
  );
  await db.adminQuery(
    `INSERT INTO upload.uploads (tenant, upload_id, drive, user_id, expires_at)
     SELECT ${id('tenant', '0')}, ${id('upload')}, ${id('drive', 'n % 50')}, ${id('user', 'n % 50')}, now() + interval '1 day' ${from}`,
  );
  await db.adminQuery(
    `INSERT INTO upload.proofs (tenant, upload_id, digest) SELECT ${id('tenant', '0')}, ${id('upload')}, ${digest} ${from}`,
  );
  await db.adminQuery('ANALYZE');
}, 120_000);
afterAll(() => db.drop());

test(`among ${tenants * each} chunks and proofs, what a drive lacks is found, what it has pinned, no table read whole`, async () => {
  const [ids] = await db.adminQuery<{ tenant: string; drive: string; user: string }>(
    `SELECT ${id('tenant', '0')} AS tenant, ${id('drive', '9')} AS drive, ${id('user', '9')} AS user FROM (SELECT 7 AS t) x`,
  );
  const tenantId = parseTenantId(ids!.tenant)!;
  const digests = Array.from({ length: 100 }, (_, n) => parseDigest(createHash('sha256').update(`7-${n}`).digest('hex'))!);
  const { database, sent } = recordStatements(db.database);
  expect((await findPlaces(database, tenantId, digests)).places.size).toBe(99);
  const proven = await findProofs(database, tenantId, parseDriveId(ids!.drive)!, parseUserId(ids!.user)!, digests);
  expect(proven.size).toBe(2);
  expect((await pinCommit(database, tenantId, newId(parseCommitId), 1_000, new Set(digests))).sizes.size).toBe(99);
  const plans = await measurePlans(db, 'upload', tenantId, sent);
  expect(plans).toHaveLength(3);
  for (const { name, readWhole, pages } of plans) {
    expect([name, readWhole.filter((table) => large.has(table.replace(/_\d$/, '')))]).toEqual([name, []]);
    expect([name, pages < 2_000]).toEqual([name, true]);
  }
});
