import { randomBytes } from 'node:crypto';
import { openDiskStore, type PackId, type PackStore } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import { parseTenantId, parseWriteId, type Digest, type EntryId, type TenantId } from '@driftbox/domain';
import { decodeFrames, routes, type BodyOf, type Routes, type WireOperation } from '@driftbox/protocol';
import {
  deathAt,
  faultsEverywhere,
  faultsTimeoutMs,
  newId,
  onlyAt,
  temporaryFolder,
  type Faults,
  type TemporaryFolder,
  type TestDatabase,
} from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newFile, oneChunk, sendCommit } from '../src/api-user.ts';
import { checkThrough } from '../src/check-tenant.ts';
import { keepHalves } from '../src/keep-halves.ts';
import { createLifeDatabase, startLifeOn, type Life, type LifeDefect, type LifeOwner } from '../src/life.ts';
import { passYears, readTenantState } from '../src/tenant-state.ts';

let db: TestDatabase;
let folder: TemporaryFolder;
beforeAll(async () => {
  db = await createLifeDatabase();
  folder = await temporaryFolder();
}, 60_000);
afterAll(async () => {
  await db?.drop();
  await folder?.remove();
});

const openPool = (name: string) => openDiskStore(`${folder.path}/${name}`);

/** Metadata and upload on the database and one pool, all of whose calls are steps. */
async function live(poolName: string, steps: Faults = deathAt(Infinity), defect: LifeDefect = {}): Promise<Life> {
  return startLifeOn(db, defect, { steps, packs: await openPool(poolName), keyFile: `${folder.path}/keys.json` });
}

type Plan = { readonly kept: readonly Digest[]; readonly purge: WireOperation[] };

/**
 * A drive with a file that stays, one to be purged that shares a chunk with it, another that stays and shares one of the purged file's
 * pack, which has to move then, one whose days in the trash are over and one with revisions beyond history.
 */
async function furnish(owner: LifeOwner): Promise<Plan> {
  const pieces = (count: number) => Array.from({ length: count }, () => randomBytes(2_000));
  const refs = (some: readonly Buffer[]) => some.map((bytes) => oneChunk(bytes));
  const file = (name: string, some: readonly Buffer[], over: Partial<WireOperation> = {}) => {
    const chunkList = refs(some);
    return { ...newFile(owner.drive, name, undefined), chunkList, sizeBytes: some.length * 2_000, ...over } as WireOperation;
  };
  const save = async (operation: WireOperation, some: readonly Buffer[]): Promise<EntryId> => {
    const { outcomes } = await sendCommit(owner, [operation], some);
    expect(outcomes).toMatchObject([{ outcome: 'committed' }]);
    return (operation as { entryId: EntryId }).entryId;
  };
  const [stays, goes, trashed, old, older, newest] = [pieces(2), pieces(3), pieces(2), pieces(2), pieces(2), pieces(1)];
  const shared = [...goes, stays[0]!];
  await save(file('stays', stays), stays);
  const doomed = await save(file('goes', shared), goes);
  await save(file('heir', goes.slice(0, 1)), []);
  const inTrash = await save(file('trashed', trashed), trashed);
  const edited = await save(file('edited', older), older);
  await save(file('edited', old, { entryId: edited, baseRev: 1 }), old);
  await db.adminQuery(`UPDATE metadata.revisions SET made_at = made_at - interval '2 years' WHERE entry_id = $1`, [edited]);
  await save(file('edited', newest, { entryId: edited, baseRev: 2 }), newest);
  const remove = (entryId: EntryId): WireOperation => ({ op: 'delete', entryId, writeId: newId(parseWriteId), baseRev: 1, seenSeq: 99 });
  expect((await sendCommit(owner, [remove(inTrash)])).outcomes).toMatchObject([{ outcome: 'committed' }]);
  const purge: WireOperation[] = [remove(doomed), { op: 'purge', entryId: doomed, writeId: newId(parseWriteId) }];
  return { kept: refs([...stays, ...goes.slice(0, 1), ...old, ...newest]).map(({ digest }) => digest), purge };
}

async function removeForGood(life: Life, owner: LifeOwner, { purge }: Plan): Promise<void> {
  const { outcomes } = await sendCommit(life.as(owner), purge);
  expect(outcomes).toMatchObject([{ outcome: 'committed' }, { outcome: 'committed' }]);
  await passYears(db, owner.tenantId);
  await life.metadata.sweep(owner.tenantId);
  for (let pass = 0; pass < 3; pass += 1) {
    await passYears(db, owner.tenantId);
    await life.upload.expire(owner.tenantId);
    await life.upload.collect(owner.tenantId);
    if (pass > 0) await life.upload.clear();
  }
}

/** Everything that a revision names can be read, and packs, references, journals, trees and ledgers are as they should be. */
async function holds(life: Life, owner: LifeOwner, { kept }: Plan): Promise<void> {
  const { client, drive } = life.as(owner);
  const answer = await client.stream(routes.fetchChunks, { params: { drive: drive.drive }, json: { digests: [...kept] } });
  const got: Digest[] = [];
  for await (const frame of decodeFrames(answer.body)) got.push(digestOf(frame.payload));
  expect(got).toEqual(kept);
  await checkThrough(life.admin, owner.tenantId);
  expect((await readTenantState(db, owner.tenantId)).chargedTooMuch).toBe(0);
}

/** Nothing dead is left, in rows and on the disk, and each change was told exactly once. */
async function isTidy({ tenantId }: LifeOwner, { kept }: Plan): Promise<void> {
  const { chunks, packs, deadPacks, inFlight, journals } = await readTenantState(db, tenantId);
  expect({ chunks, deadPacks, inFlight }).toEqual({ chunks: [...kept].sort(), deadPacks: 0, inFlight: 0 });
  expect((await (await openPool(tenantId)).list({ limit: 1_000 })).packs.map(({ id }) => id as string)).toEqual(packs);
  expect(journals).toEqual([{ head: journals[0]!.head, told: Array.from({ length: journals[0]!.head }, (_, index) => index + 1) }]);
}

/** Has services fail or die at a step from a purge to the freed space; they, if they live, or others go on to the end. */
async function survive(steps: Faults, lives: boolean, defect?: LifeDefect): Promise<void> {
  const tenantId = newId(parseTenantId);
  const before = await live(tenantId);
  const owner = await before.newOwner(tenantId);
  const plan = await furnish(owner);
  await before.stop();
  const struck = await live(tenantId, steps, defect);
  const work = () => removeForGood(struck, owner, plan);
  await work()
    .catch((error: unknown) => (lives && steps.struck ? work() : Promise.reject(error as Error)))
    .catch((error: unknown) => {
      if (!steps.struck) throw error;
    })
    .finally(() => struck.stop());
  const after = await live(tenantId);
  try {
    await holds(after, owner, plan);
    await removeForGood(after, owner, plan);
    await holds(after, owner, plan);
    await isTidy(owner, plan);
  } finally {
    await after.stop();
  }
}

test(
  'services that fail or die at any step from a purge to the freed space lose nothing, and go on to the end',
  async () => {
    expect(await faultsEverywhere(23, survive)).toBeGreaterThan(60);
  },
  faultsTimeoutMs,
);

/** Each would be harmless if nobody died; it is looked for at some steps of one kind. */
const defects: Readonly<Record<string, LifeDefect & { readonly at: RegExp; readonly between: number }>> = {
  'a transaction keeps what was done before its process died': { database: keepHalves, at: /./, between: 4 },
  'a pack that was moved goes before the rows say where to': { pool: removeEarly, at: /write/, between: 1 },
};

test.each(Object.entries(defects))(
  'it is found when %s',
  async (_, { at, between, ...defect }) => {
    await survive(deathAt(Infinity), false, defect);
    await expect(faultsEverywhere(between, (steps) => survive(onlyAt(at, steps), false, defect))).rejects.toThrow();
  },
  faultsTimeoutMs,
);

type Line = { readonly table?: string; readonly rows?: Record<string, unknown>[]; readonly contents?: Digest[] };
/** What a backup has of a tenant in metadata and upload. */
type Copy = { readonly lines: readonly Line[]; readonly contents: Digest[]; readonly frames: Uint8Array[] };

async function all(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces;
}

async function copyOf({ admin }: Life, tenant: TenantId): Promise<Copy> {
  const params = { tenant };
  const rows = await all((await admin.stream(routes.readTenantInMetadata, { params })).body);
  const lines = Buffer.concat(rows)
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const contents = lines.flatMap((line) => line.contents ?? []);
  const chunks = await admin.stream(routes.readTenantChunks, { params, json: { digests: contents } });
  return { lines, contents, frames: await all(chunks.body) };
}

/** Restores it into a tenant, or goes on with that, from the first step on. */
async function restoreInto({ admin }: Life, tenant: TenantId, { lines, contents, frames }: Copy): Promise<void> {
  const params = { tenant };
  const restoreId = tenant;
  const step = async (body: BodyOf<Routes['restoreTenantInMetadata']>): Promise<void> => {
    while ((await admin.call(routes.restoreTenantInMetadata, { params, body })).state === 'emptying');
  };
  const hold = (seconds: number) => admin.call(routes.holdCollection, { params: { tenant, holder: restoreId }, body: { seconds } });
  await hold(86_400);
  await step({ step: 'begin', restoreId, replace: false });
  for (const { table, rows = [] } of lines) if (table !== undefined) await step({ step: 'rows', restoreId, table, rows });
  const { missing } = await admin.call(routes.askTenantChunks, { params, body: { digests: contents } });
  if (missing.length > 0) await (await admin.stream(routes.writeTenantChunks, { params, body: frames })).json();
  await step({ step: 'end', restoreId });
  await hold(0);
}

test(
  'services whose routes of a restore fail or die at any step have all of it in the end, and nothing twice',
  async () => {
    const source = newId(parseTenantId);
    const before = await live(source);
    const owner = await before.newOwner(source);
    const plan = await furnish(owner);
    const copy = await copyOf(before, source);
    await before.stop();
    // Its journals begin anew.
    const rowsOf = ({ lines }: Copy) => JSON.stringify(lines).replaceAll(/"epoch":"[^"]+"/g, '');
    const run = async (steps: Faults, lives: boolean): Promise<void> => {
      const tenantId = newId(parseTenantId);
      const intent = (suspended: boolean) => ({ params: { tenant: tenantId }, body: { tenantId, name: 'Copy', hosts: [], suspended } });
      const struck = await live(tenantId, steps);
      const after = await live(tenantId);
      try {
        await after.admin.call(routes.putTenantInMetadata, intent(true));
        const work = () => restoreInto(struck, tenantId, copy);
        await work()
          .catch((error: unknown) => (lives && steps.struck ? work() : Promise.reject(error as Error)))
          .catch((error: unknown) => {
            if (!steps.struck) throw error;
          });
        await restoreInto(after, tenantId, copy);
        await after.admin.call(routes.putTenantInMetadata, intent(false));
        expect(rowsOf(await copyOf(after, tenantId))).toBe(rowsOf(copy));
        await holds(after, { ...owner, tenantId }, plan);
      } finally {
        await struck.stop();
        await after.stop();
      }
    };
    expect(await faultsEverywhere(61, run)).toBeGreaterThan(150);
  },
  faultsTimeoutMs,
);

/** Whatever was read goes when the next pack is written: what is collected was copied into that one, but no row says so yet. */
function removeEarly(real: PackStore): PackStore {
  const copied = new Set<PackId>();
  return {
    read: (id, range) => (copied.add(id), real.read(id, range)),
    async write(id, bytes) {
      await real.write(id, bytes);
      for (const one of copied) await real.delete(one);
      copied.clear();
    },
    stat: (id) => real.stat(id),
    list: (page) => real.list(page),
    delete: (id) => real.delete(id),
  };
}
