import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { buildChunkList, parseUploadId, type EntryId, type UploadId } from '@driftbox/domain';
import { Problem, routes, type CheckedOperation } from '@driftbox/protocol';
import { deathAt, mortalDatabase, PlantedFault, type TestDatabase } from '@driftbox/testkit';
import fc from 'fast-check';
import { copyUser } from './copy-users.ts';
import { measureDrift } from './measure-drift.ts';
import { sha256 } from './operation.ts';
import { releaseReservation, reserveBytes } from './reserve-bytes.ts';
import { shareFolder } from './share-folder.ts';
import { sweepTenant } from './sweep-tenant.ts';
import { unshareDrive } from './unshare-drive.ts';
import type { Door } from './testing/door.ts';
import { expectFiles, expectHoldings } from './testing/expect-holdings.ts';
import { useDoor } from './testing/use-door.ts';
import { addDrive, commitIn, newEntry, newUser, newWorld, newWrite, type World } from './testing/world.ts';

let db: TestDatabase;
let door: Door;
useDoor((opened, at) => {
  db = opened;
  door = at;
});

const newUpload = (): UploadId => parseUploadId(randomUUID())!;

function put(world: World, sizeBytes: number): CheckedOperation {
  const chunkList = [{ digest: sha256(Buffer.from(randomUUID())), sizeBytes }];
  return {
    op: 'putFile',
    entryId: newEntry(),
    writeId: newWrite(),
    parentId: world.rootId,
    name: randomUUID(),
    baseRev: null,
    mtime: '2026-01-01T00:00:00Z',
    sizeBytes,
    chunkList,
    listId: buildChunkList(chunkList, sha256).listId,
  };
}

const kinds = ['put', 'put', 'putReserved', 'reserve', 'release', 'edit', 'trash', 'untrash', 'purge', 'restore'] as const;
const rareKinds = ['share', 'unshare', 'quota', 'die'] as const;
type Step = { drive: number; kind: (typeof kinds)[number] | (typeof rareKinds)[number]; size: number; upload: number; file: number };
const step: fc.Arbitrary<Step> = fc.record({
  drive: fc.nat(3),
  kind: fc.constantFrom(...kinds, ...kinds, ...rareKinds),
  size: fc.integer({ min: 1, max: 600 }),
  upload: fc.nat(1),
  file: fc.nat(9),
});

/** Somebody's drives, the first of which is their home, uploads, and the most that they may have come to hold. */
type Play = { readonly worlds: World[]; readonly uploads: readonly UploadId[]; most: number };

/** What one of them does; what is refused changes nothing. */
async function act(play: Play, { drive, kind, size, upload, file }: Step): Promise<void> {
  const world = play.worlds[drive % play.worlds.length]!;
  const uploadId = play.uploads[upload]!;
  const { tenantId, driveId } = world;
  const files = await db.adminQuery<{ entryId: EntryId; rev: number; seq: number }>(
    `SELECT entry_id AS "entryId", rev, d.seq FROM entries e JOIN drives d USING (tenant, drive_id)
     WHERE e.tenant = $1 AND drive_id = $2 AND e.kind = 0 ORDER BY entry_id`,
    [tenantId, driveId],
  );
  const { entryId = newEntry(), rev = 1, seq = 1 } = files[file % Math.max(1, files.length)] ?? {};
  const of = { entryId, writeId: newWrite() };
  const one: Partial<Record<Step['kind'], CheckedOperation>> = {
    put: put(world, size),
    putReserved: put(world, size),
    edit: { ...put(world, size), entryId, parentId: undefined, name: undefined, baseRev: rev } as CheckedOperation,
    trash: { op: 'delete', ...of, baseRev: rev, seenSeq: seq },
    untrash: { op: 'untrash', ...of },
    purge: { op: 'purge', ...of },
    restore: { op: 'restoreRevision', ...of, rev: 1 },
  };
  const operation = one[kind];
  if (operation !== undefined) await commitIn(db, world, [operation], kind === 'putReserved' ? { uploadId } : {});
  if (kind === 'release') await releaseReservation(db.database, world, uploadId);
  if (kind === 'reserve') await reserveBytes(db.database, world, uploadId, size, Date.now() + 60_000);
  if (kind === 'quota') {
    const limit = 1_000 + 3 * size;
    play.most = Math.max(play.most, limit);
    await db.adminQuery('UPDATE tenants SET user_bytes = $2 WHERE tenant = $1', [tenantId, limit]);
  }
  if (kind === 'die') {
    const mortal = { ...db, database: mortalDatabase(db.database, deathAt((size % 20) + 1)) };
    await commitIn(mortal, world, [put(world, size)], { uploadId });
  }
  if (kind === 'share') await shareNew(play, size);
  if (kind === 'unshare' && play.worlds.length > 2) {
    const [home, shared] = [play.worlds[0]!, play.worlds.pop()!];
    const into = { drive: home.driveId, parentId: home.rootId, name: randomUUID() };
    await db.database.transaction(tenantId, (tx) => unshareDrive(tx, shared, into, () => {}));
  }
}

/** A folder with a file in somebody's home becomes a drive of its own. */
async function shareNew(play: Play, size: number): Promise<void> {
  const home = play.worlds[0]!;
  const entryId = newEntry();
  const folder = { op: 'createFolder' as const, entryId, writeId: newWrite(), parentId: home.rootId, name: randomUUID() };
  const { seq } = await commitIn(db, home, [folder, { ...put(home, size), parentId: entryId } as CheckedOperation]);
  const of = { entryId, baseRev: 1, seenSeq: seq };
  const shared = await db.database.transaction(home.tenantId, (tx) => shareFolder(tx, home, of, () => {}));
  play.worlds.push({ ...home, driveId: shared.drive, rootId: shared.rootId, epoch: shared.driveEpoch });
}

/** A refusal, or the death that was planted. */
function harmless(error: unknown): void {
  if (!(error instanceof PlantedFault || error instanceof Problem)) throw error;
}

test('whatever people and deaths do at once: holdings equal a recount, the quota holds, and nothing stays reserved', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (rounds) => {
      const home = await newWorld(db, { userBytes: 2_000, tenantBytes: 3_000, files: 6 });
      const { tenantId } = home;
      const second = { ...home, ...(await addDrive(db, tenantId, home.userId, 'shared')) };
      const play: Play = { worlds: [home, second], uploads: [newUpload(), newUpload()], most: 2_000 };
      for (const round of rounds) {
        await Promise.all(round.map((one) => act(play, one).catch(harmless)));
        const held = await expectHoldings(db, tenantId);
        expect(held).toBeLessThanOrEqual(play.most);
        const [row] = await db.adminQuery<{ limit: number }>('SELECT user_bytes AS limit FROM tenants WHERE tenant = $1', [tenantId]);
        // What is more than a lower limit stays, and grows no more.
        play.most = Math.max(held, row!.limit);
        expect(await expectFiles(db, tenantId)).toBeLessThanOrEqual(6);
      }
      await db.adminQuery(`UPDATE reservations SET expires_at = now() - interval '1 day' WHERE tenant = $1`, [tenantId]);
      await sweepTenant(db.database, tenantId);
      expect(await db.adminQuery('SELECT 1 FROM reservations WHERE tenant = $1', [tenantId])).toEqual([]);
      expect(await measureDrift(db.database, tenantId)).toEqual({ bytes: 0, files: 0 });
    }),
    { numRuns: 15 },
  );
}, 120_000);

test('a commit that does not fit says which limit, and one that fits once others give back is written', async () => {
  const world = await newWorld(db, { userBytes: 1000 });
  const other = { ...world, ...(await addDrive(db, world.tenantId, world.userId, 'shared')) };
  // The first drive leases all there is; the second takes what of it lies idle.
  expect((await commitIn(db, world, [put(world, 100)])).outcomes[0]).toMatchObject({ outcome: 'committed' });
  expect((await commitIn(db, other, [put(other, 900)])).outcomes[0]).toMatchObject({ outcome: 'committed' });
  expect((await commitIn(db, other, [put(other, 1)])).outcomes[0]).toEqual({
    outcome: 'quota_exceeded',
    limit: 'user',
    limitBytes: 1000,
    usedBytes: 1000,
  });
});

test('a tenant has at most so many files, over all its drives, and what is purged makes room', async () => {
  const world = await newWorld(db, { files: 3 });
  const other = { ...world, ...(await addDrive(db, world.tenantId, world.userId, 'shared')) };
  const first = put(world, 1);
  expect((await commitIn(db, world, [first, put(world, 0)])).outcomes).toMatchObject([{ outcome: 'committed' }, { outcome: 'committed' }]);
  const { outcomes } = await commitIn(db, other, [put(other, 1), put(other, 1)]);
  // `usedFiles` is what was held when the commit asked for more.
  const reached = { outcome: 'quota_exceeded', limit: 'files', limitFiles: 3, usedFiles: expect.any(Number) };
  expect(outcomes).toEqual([expect.objectContaining({ outcome: 'committed' }), reached]);
  const { entryId } = first;
  const remove = await commitIn(db, world, [{ op: 'delete', entryId, writeId: newWrite(), baseRev: 1, seenSeq: 2 }, put(world, 1)]);
  expect(remove.outcomes).toEqual([expect.objectContaining({ outcome: 'committed' }), reached]);
  expect((await commitIn(db, world, [{ op: 'purge', entryId, writeId: newWrite() }])).outcomes[0]).toMatchObject({ outcome: 'committed' });
  expect((await commitIn(db, other, [put(other, 1)])).outcomes[0]).toMatchObject({ outcome: 'committed' });
  expect(await expectFiles(db, world.tenantId)).toBe(3);
});

test('the limit of files at the door: a new one is refused whole, a new content of an old one is taken', async () => {
  const world = await newWorld(db, { files: 1 });
  const file = put(world, 5);
  await commitIn(db, world, [file]);
  const edit = { ...put(world, 6), entryId: file.entryId, parentId: undefined, name: undefined, baseRev: 1 } as CheckedOperation;
  expect((await commitIn(db, world, [edit])).outcomes[0]).toMatchObject({ outcome: 'committed', rev: 2 });
  expect((await commitIn(db, world, [put(world, 1)])).outcomes[0]).toEqual({
    outcome: 'quota_exceeded',
    limit: 'files',
    limitFiles: 1,
    usedFiles: 1,
  });
});

test('an atomic commit that fails for another reason says that reason, also where it would first have to lease', async () => {
  const world = await newWorld(db);
  const file = put(world, 1);
  const { outcomes } = await commitIn(db, world, [file, { ...put(world, 1), entryId: file.entryId }], { atomic: true });
  expect(outcomes).toEqual([{ outcome: 'aborted' }, { outcome: 'already_exists' }]);
});

test('of a commit that does not fit as a whole, what fits is written; at once or not, no room is left unused', async () => {
  const world = await newWorld(db, { userBytes: 1000 });
  const { outcomes } = await commitIn(db, world, [put(world, 600), put(world, 600), put(world, 400)]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['committed', 'quota_exceeded', 'committed']);
  const wide = await newWorld(db);
  const big = 60 * 2 ** 20;
  const racing = await Promise.all(
    Array.from({ length: 4 }, () =>
      commitIn(
        db,
        wide,
        Array.from({ length: 9 }, () => put(wide, 8 * 2 ** 20)),
      ),
    ),
  );
  expect(racing.flatMap((one) => one.outcomes).filter(({ outcome }) => outcome !== 'committed')).toEqual([]);
  expect(await expectHoldings(db, wide.tenantId)).toBeGreaterThan(4 * big);
});

test('bringing back a revision larger than a block leases what it takes', async () => {
  const world = await newWorld(db);
  const chunkList = Array.from({ length: 40 }, () => ({ digest: sha256(Buffer.from(randomUUID())), sizeBytes: 8 * 2 ** 20 }));
  const { listId, sizeBytes } = buildChunkList(chunkList, sha256);
  const first = { ...put(world, 1), chunkList, listId, sizeBytes } as CheckedOperation;
  const { entryId } = first;
  await commitIn(db, world, [first]);
  await commitIn(db, world, [{ ...put(world, 1), entryId, parentId: undefined, name: undefined, baseRev: 1 } as CheckedOperation]);
  const restored = await commitIn(db, world, [{ op: 'restoreRevision', entryId, writeId: newWrite(), rev: 1 }]);
  expect(restored.outcomes[0]).toMatchObject({ outcome: 'committed', rev: 3 });
});

test('reservations at the door: extended, refused, settled, given back', async () => {
  const world = await newWorld(db, { userBytes: 500 });
  const person = door.as(world.tenantId, world.userId);
  const params = { drive: world.driveId, upload: newUpload() };
  const reserve = (sizeBytes: number) =>
    person.upload.call(routes.reserveBytes, { params, body: { sizeBytes, expiresAt: new Date(Date.now() + 60_000).toISOString() } });
  await reserve(300);
  await reserve(400);
  await expect(reserve(501)).rejects.toMatchObject({ code: 'quota_exceeded', details: { limit: 'user', limitBytes: 500, usedBytes: 400 } });
  await commitIn(db, world, [put(world, 350)], { uploadId: params.upload });
  expect((await person.user.call(routes.getUsage)).user).toMatchObject({ current: 350, inFlight: 50, limitBytes: 500 });
  await door.bare(world.tenantId).call(routes.releaseReservation, { params });
  await door.bare(world.tenantId).call(routes.releaseReservation, { params });
  expect(await expectHoldings(db, world.tenantId)).toBe(350);
});

test('who comes near to a limit is told, once until there is room again', async () => {
  const world = await newWorld(db, { userBytes: 1000, tenantBytes: 10_000, files: 100 });
  const upload = newUpload();
  const reserve = (bytes: number) => reserveBytes(db.database, world, upload, bytes, Date.now() + 60_000);
  const warned = async () =>
    (
      await db.adminQuery<{ data: unknown }>(`SELECT data FROM outbox WHERE tenant = $1 AND type = 'quota.warned' ORDER BY id`, [
        world.tenantId,
      ])
    ).map(({ data }) => data);
  await reserve(899);
  expect(await warned()).toEqual([]);
  for (const bytes of [900, 950]) await reserve(bytes);
  const told = { drive: world.driveId, limit: 'user', limitBytes: 1000, people: [world.userId] };
  expect(await warned()).toEqual([{ ...told, percent: 90 }]);
  await reserve(1000);
  expect(await warned()).toEqual([
    { ...told, percent: 90 },
    { ...told, percent: 100 },
  ]);
  for (const bytes of [500, 600, 900]) await reserve(bytes);
  expect(await warned()).toHaveLength(3);
});

test('who administers a tenant is told of how full it is, once for each step; its other people are not', async () => {
  const world = await newWorld(db, { userBytes: 10_000, tenantBytes: 1000, files: 100 });
  const people = { owner: newUser(), admin: newUser(), member: newUser(), gone: newUser() };
  const { tenantId } = world;
  const tell = (type: string, userId: string, role?: string) =>
    copyUser(db.database, { type, time: new Date().toISOString(), tenant: tenantId, data: { userId, displayName: 'x', role } });
  const warned = () =>
    db.adminQuery<{ limit: string; percent: number; people: string[] }>(
      `SELECT data->>'limit' AS limit, (data->>'percent')::int AS percent, data->'people' AS people FROM outbox
       WHERE tenant = $1 AND type = 'quota.warned' ORDER BY id`,
      [tenantId],
    );
  const upload = newUpload();
  const reserve = (bytes: number) => reserveBytes(db.database, world, upload, bytes, Date.now() + 60_000);
  await reserve(800);
  // Nobody is known to administer it yet: better the owner of what grows than nobody.
  expect(await warned()).toEqual([{ limit: 'tenant', percent: 80, people: [world.userId] }]);
  await tell('user.created', people.owner, 'owner');
  await tell('user.created', people.admin, 'member');
  await tell('user.updated', people.admin, 'admin');
  await tell('user.created', people.member, 'member');
  await tell('user.created', people.gone, 'admin');
  await tell('user.suspended', people.gone);
  for (const bytes of [850, 900, 950, 920, 1000, 900, 1000]) await reserve(bytes);
  const administrators = [people.owner, people.admin].toSorted();
  expect((await warned()).slice(1)).toEqual([
    { limit: 'tenant', percent: 90, people: administrators },
    { limit: 'tenant', percent: 100, people: administrators },
  ]);
  for (const bytes of [600, 800]) await reserve(bytes);
  expect((await warned()).slice(3)).toEqual([{ limit: 'tenant', percent: 80, people: administrators }]);
});
