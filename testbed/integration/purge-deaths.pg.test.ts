import { randomBytes } from 'node:crypto';
import { faulty, openDiskStore, type PackId, type PackStore } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import { parseTenantId, parseWriteId, type Digest, type EntryId, type TenantId } from '@driftbox/domain';
import { migrations as metadataMigrations } from '@driftbox/metadata';
import type { Database, Transaction } from '@driftbox/postgres';
import { decodeFrames, routes, type WireOperation } from '@driftbox/protocol';
import {
  createTestDatabase,
  deathAt,
  newId,
  PlantedFault,
  stepsBetweenDeaths,
  temporaryFolder,
  type Faults,
  type TemporaryFolder,
  type TestDatabase,
} from '@driftbox/testkit';
import { uploadMigrations } from '@driftbox/upload';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newFile, oneChunk, sendCommit } from '../src/api-user.ts';
import { checkThrough } from '../src/check-tenant.ts';
import { startLife, type Life, type LifeOwner } from '../src/life.ts';

let db: TestDatabase;
let folder: TemporaryFolder;
let packs: PackStore;
beforeAll(async () => {
  db = await createTestDatabase({
    services: [
      { service: 'metadata', migrations: metadataMigrations },
      { service: 'upload', migrations: uploadMigrations },
    ],
  });
  folder = await temporaryFolder();
  packs = await openDiskStore(`${folder.path}/pool`);
}, 60_000);
afterAll(async () => {
  await db?.drop();
  await folder?.remove();
});

/** A planted defect: what databases and pool would be with it. */
type Defect = {
  readonly database?: (real: Database) => Database;
  readonly pool?: (real: PackStore) => PackStore;
};

/** Metadata and upload on the shared database and pool, both gone from the step on at which `steps` lets them die. */
const live = (steps: Faults = deathAt(Infinity), { database = (real) => real, pool = (real) => real }: Defect = {}): Promise<Life> =>
  startLife({
    metadata: database(db.databaseOf('metadata')),
    upload: database(db.databaseOf('upload')),
    steps,
    packs: faulty(pool(packs), () => {
      steps.step('pool');
      return undefined;
    }),
    keyFile: `${folder.path}/keys.json`,
  });

/** Lets years pass for what a tenant trashed, replaced or condemned, and for everything of theirs that waits for a deadline. */
async function passYears(tenantId: TenantId): Promise<void> {
  const ago = (table: string, ...columns: string[]) =>
    `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - interval '2 years'`).join(', ')} WHERE tenant = '${tenantId}'`;
  await db.adminQuery(
    [
      ago('metadata.entries', 'trashed_at'),
      ago('metadata.lists', 'made_at'),
      ago('upload.chunks', 'condemned_at'),
      ago('upload.packs', 'created_at', 'dead_at'),
      ago('upload.pins', 'expires_at'),
      `UPDATE upload.stray_packs SET seen_at = seen_at - interval '2 years'`,
    ].join(';'),
  );
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
  await passYears(owner.tenantId);
  await life.metadata.sweep(owner.tenantId);
  for (let pass = 0; pass < 3; pass += 1) {
    await passYears(owner.tenantId);
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
  const [held] = await db.adminQuery(
    `SELECT h.held_bytes - sum(d.current_bytes + d.history_bytes + d.trash_bytes + d.allowance_bytes) AS too_many
     FROM metadata.holdings h JOIN metadata.drives d USING (tenant) WHERE tenant = $1 AND holder_id = tenant GROUP BY h.held_bytes`,
    [owner.tenantId],
  );
  expect(Number(held?.['too_many'])).toBe(0);
}

/** Nothing dead is left, in rows and on the disk, and each change was told exactly once. */
async function isTidy(owner: LifeOwner, { kept }: Plan): Promise<void> {
  const of = [owner.tenantId];
  const chunks = await db.adminQuery<{ digest: string }>(`SELECT encode(digest, 'hex') AS digest FROM upload.chunks WHERE tenant = $1`, of);
  expect(chunks.map(({ digest }) => digest).sort()).toEqual([...kept].sort());
  expect(await db.adminQuery(`SELECT 1 FROM upload.packs WHERE tenant = $1 AND live_bytes = 0`, of)).toEqual([]);
  const named = await db.adminQuery<{ id: string }>(`SELECT replace(pack_id::text, '-', '') AS id FROM upload.packs ORDER BY 1`);
  expect((await packs.list({ limit: 1_000 })).packs.map(({ id }) => id)).toEqual(named.map(({ id }) => id));
  const told = await db.adminQuery<{ seqs: number[]; head: number }>(
    `SELECT array_agg((change ->> 'seq')::int ORDER BY (change ->> 'seq')::int) AS seqs, d.seq::int AS head
     FROM metadata.drives d JOIN metadata.outbox o ON o.tenant = d.tenant AND o.key = d.drive_id::text AND o.type = 'files.committed',
     jsonb_array_elements(o.data -> 'changes') AS change WHERE d.tenant = $1 GROUP BY d.seq`,
    of,
  );
  expect(told).toEqual([{ head: told[0]!.head, seqs: Array.from({ length: told[0]!.head }, (_, index) => index + 1) }]);
}

/** Lets services die at step `n` from a purge to the freed space, and others go on to the end. False where there was no such step. */
async function surviveDeath(n: number, defect?: Defect): Promise<boolean> {
  const before = await live();
  const owner = await before.newOwner(newId(parseTenantId));
  const plan = await furnish(owner);
  await before.stop();
  const steps = deathAt(n);
  const dying = await live(steps, defect);
  await removeForGood(dying, owner, plan)
    .catch((error: unknown) => {
      if (!steps.struck) throw error;
    })
    .finally(() => dying.stop());
  const after = await live();
  try {
    await holds(after, owner, plan);
    await removeForGood(after, owner, plan);
    await holds(after, owner, plan);
    await isTidy(owner, plan);
  } finally {
    await after.stop();
  }
  return steps.struck;
}

test('services that die at any step from a purge to the freed space lose nothing, and others go on to the end', async () => {
  let n = 1;
  while (await surviveDeath(n)) n += stepsBetweenDeaths(4);
  expect(n).toBeGreaterThan(60);
}, 600_000);

/** Each would be harmless if nobody died. */
const defects: Readonly<Record<string, Defect>> = {
  'a transaction keeps what was done before its process died': { database: keepHalves },
  'a pack that was moved goes before the rows say where to': { pool: removeEarly },
};

test.each(Object.entries(defects))(
  'it is found when %s',
  async (_, defect) => {
    expect(await surviveDeath(Infinity, defect)).toBe(false);
    let found: number | undefined;
    for (let n = 1, isStruck = true; isStruck && found === undefined; n += stepsBetweenDeaths(4)) {
      isStruck = await surviveDeath(n, defect).catch(() => {
        found = n;
        return true;
      });
    }
    expect(found).toBeDefined();
  },
  600_000,
);

/** What a transaction did before the death commits, as it would statement by statement without a transaction. */
function keepHalves(real: Database): Database {
  type Work<T> = (tx: Transaction) => Promise<T>;
  const half = async <T>(fn: Work<T>, run: (kept: Work<T | undefined>) => Promise<T | undefined>): Promise<T> => {
    let death: PlantedFault | undefined;
    const value = await run((tx) =>
      fn(tx).catch((error: unknown) => {
        if (!(error instanceof PlantedFault)) throw error;
        death = error;
        return undefined;
      }),
    );
    if (death !== undefined) throw death;
    return value as T;
  };
  return {
    ...real,
    transaction: (tenantId, fn, options) => half(fn, (kept) => real.transaction(tenantId, kept, options)),
    systemTransaction: (fn, options) => half(fn, (kept) => real.systemTransaction(kept, options)),
  };
}

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
