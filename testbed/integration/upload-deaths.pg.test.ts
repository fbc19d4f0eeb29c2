import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { faultyIo, fileSystemIo, openDiskStore, verify, type FaultPlan } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import { buildChunkList, parseEntryId, parseTenantId, parseUploadId, parseWriteId, type Digest, type EntryId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { encodeFrame, routes, type WireOperation, type WireOutcome } from '@driftbox/protocol';
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
import { oneChunk, sendCommit } from '../src/api-user.ts';
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

const never = deathAt(Infinity);

/** Each call of the file system as two steps: before it, which may leave half of what is appended, and after it. */
const planOf = (steps: Faults): FaultPlan => {
  const strikes = (): boolean => {
    try {
      steps.step('file system');
      return false;
    } catch {
      return true;
    }
  };
  return () => (strikes() ? 'before' : strikes() ? 'after' : undefined);
};

const openPool = (name: string, steps: Faults) => openDiskStore(`${folder.path}/${name}`, faultyIo(fileSystemIo, planOf(steps)));

/** Metadata and upload on the database and one pool, from opening it on, all of whose calls are steps. */
async function live(poolName: string, steps: Faults, defect: LifeDefect = {}): Promise<Life> {
  const disk = await openPool(poolName, steps);
  return startLifeOn(db, defect, { steps, packs: verify(disk), leftovers: [disk], keyFile: `${folder.path}/keys.json` });
}

/** What a client sends, one request after the other, each until it is answered; and what is there once all are. */
type Plan = {
  readonly requests: readonly ((owner: LifeOwner) => Promise<readonly WireOutcome[]>)[];
  readonly entryId: EntryId;
  /** Of revision 1, then 2. */
  readonly contents: readonly Buffer[];
  readonly digests: readonly Digest[];
};

type PutFile = Extract<WireOperation, { op: 'putFile' }>;

/** A file in so many pieces that their list travels in segments, in an upload; then another content of it, in one request. */
function planOfClient(): Plan {
  const [uploadId, entryId] = [newId(parseUploadId), newId(parseEntryId)];
  const pieces = Array.from({ length: 70 }, () => randomBytes(300));
  const changed = [...pieces.slice(0, 2), randomBytes(5_000)];
  const list = buildChunkList(pieces.map(oneChunk), digestOf);
  const blocks = list.form === 'inline' ? [] : [...list.segments, list.root];
  const digests = pieces.map((bytes) => digestOf(bytes));
  const writes = [newId(parseWriteId), newId(parseWriteId)];
  const put = (parentId: EntryId, rev: 1 | 2, some: readonly Buffer[], content: Partial<PutFile>): WireOperation => ({
    op: 'putFile',
    writeId: writes[rev - 1]!,
    entryId,
    parentId,
    name: 'a',
    baseRev: rev === 1 ? null : 1,
    sizeBytes: Buffer.concat(some).length,
    mtime: '2026-01-01T00:00:00.000Z',
    ...content,
  });
  const frame = (kind: 'chunk' | 'list', payload: Uint8Array) =>
    encodeFrame({ kind, digest: digestOf(payload), plainSize: payload.length, encoding: 'raw', bases: [], payload });
  return {
    entryId,
    contents: [Buffer.concat(pieces), Buffer.concat(changed)],
    digests: [...digests, digestOf(changed[2]!)].sort(),
    requests: [
      async ({ client, drive }) => {
        const body = { uploadId, sizeBytes: 21_000, digests };
        await client.call(routes.askMissing, { params: { drive: drive.drive }, body });
        return [];
      },
      async ({ client, drive }) => {
        const frames = [...pieces.map((bytes) => frame('chunk', bytes)), ...blocks.map(({ bytes }) => frame('list', bytes))];
        const body = frames.flat();
        await (await client.stream(routes.putChunks, { params: { drive: drive.drive }, query: { uploadId }, body })).json();
        return [];
      },
      async ({ client, drive: { drive, driveEpoch, rootId } }) => {
        const body = { driveEpoch, uploadId, operations: [put(rootId, 1, pieces, { listId: list.listId })] };
        return (await client.call(routes.postCommit, { params: { drive }, body })).outcomes;
      },
      async (owner) => {
        const operation = put(owner.drive.rootId, 2, changed, { chunkList: changed.map(oneChunk) });
        return (await sendCommit(owner, [operation], changed.slice(2))).outcomes;
      },
    ],
  };
}

/** Every acknowledged revision reads back and was made once, and fsck finds nothing: journal, references, ledgers, packs. */
async function holds(life: Life, owner: LifeOwner, plan: Plan, answers: readonly (readonly WireOutcome[])[]): Promise<void> {
  const { client, drive } = life.as(owner);
  const acknowledged = answers.flat();
  const of = { drive: drive.drive, entry: plan.entryId };
  for (const [index, outcome] of acknowledged.entries()) {
    expect(outcome).toEqual({ outcome: 'committed', entryId: plan.entryId, rev: index + 1, seq: index + 1 });
    const content = await client.stream(routes.getContent, { params: of, query: { rev: index + 1 } });
    expect((await buffer(content.body)).equals(plan.contents[index]!)).toBe(true);
  }
  await checkThrough(life.admin, owner.tenantId);
  expect((await readTenantState(db, owner.tenantId)).chargedTooMuch).toBe(0);
}

/** Once what was left open has expired and collection was there, nothing is reserved, dead or orphaned, in rows and on the disk. */
async function endsTidy(life: Life, { tenantId }: LifeOwner, plan: Plan, poolName: string): Promise<void> {
  for (let pass = 0; pass < 3; pass += 1) {
    await passYears(db, tenantId);
    await life.metadata.sweep(tenantId);
    await life.upload.expire(tenantId);
    await life.upload.collect(tenantId);
    await life.upload.clear();
  }
  const state = await readTenantState(db, tenantId);
  expect(state).toMatchObject({ chunks: plan.digests, deadPacks: 0, inFlight: 0, chargedTooMuch: 0 });
  expect(state.journals).toEqual([{ head: 2, told: [1, 2] }]);
  const disk = await openPool(poolName, never);
  expect((await disk.list({ limit: 1_000 })).packs.map(({ id }) => id as string)).toEqual(state.packs);
  expect(await disk.listForeign(10)).toEqual([]);
}

/** Has services fail or die while a client saves, which sends what was not answered again, to them if they live or else to others. */
async function survive(steps: Faults, lives: boolean, defect?: LifeDefect): Promise<void> {
  const tenantId = newId(parseTenantId);
  const founding = await live(tenantId, never);
  const owner = await founding.newOwner(tenantId);
  await founding.stop();
  const plan = planOfClient();
  const answers: (readonly WireOutcome[])[] = [];
  const send = async (life: Life): Promise<void> => {
    while (answers.length < plan.requests.length) answers.push(await plan.requests[answers.length]!(life.as(owner)));
  };
  const work = async (): Promise<void> => {
    const life = await live(tenantId, steps, defect);
    try {
      await send(life).catch((error: unknown) => (steps.struck && lives ? send(life) : Promise.reject(error as Error)));
    } finally {
      await life.stop();
    }
  };
  await work().catch((error: unknown) => {
    if (!steps.struck) throw error;
  });
  const after = await live(tenantId, never, defect);
  try {
    await holds(after, owner, plan, answers);
    await send(after);
    await holds(after, owner, plan, answers);
    expect(answers.flat()).toHaveLength(2);
    await endsTidy(after, owner, plan, tenantId);
    await holds(after, owner, plan, answers);
  } finally {
    await after.stop();
  }
}

test(
  'uploads and commits that fail or whose services die at any step are there once, whole, after the same requests again',
  async () => {
    expect(await faultsEverywhere(83, survive)).toBeGreaterThan(150);
  },
  faultsTimeoutMs,
);

/** Each would be harmless if nothing failed and nobody died; it is looked for at some steps of one kind. */
const defects: readonly (readonly [string, LifeDefect, { readonly at: RegExp; readonly between: number }])[] = [
  ['a transaction keeps what was done before its process died', { database: keepHalves }, { at: /./, between: 5 }],
  ['chunks are recorded before their pack is durable', recordEarly(), { at: /file system/, between: 4 }],
  ['a commit that is repeated is not known', { database: (real) => forgetAnswers(real) }, { at: /answer to COMMIT/, between: 1 }],
];

test.each(defects)(
  'it is found when %s',
  async (_, defect, { at, between }) => {
    await survive(never, false, defect);
    await expect(faultsEverywhere(between, (steps) => survive(onlyAt(at, steps), false, defect))).rejects.toThrow();
  },
  faultsTimeoutMs,
);

/** Rows first: what is to be written waits until it is recorded. */
function recordEarly(): LifeDefect {
  let late = (): Promise<void> => Promise.resolve();
  return {
    database: (real) => ({
      ...real,
      withTenant: async (tenantId, sql, values, options) => {
        const result = await real.withTenant(tenantId, sql, values, options);
        if (nameOf(sql) === 'upload.record-chunks') await late();
        return result as never;
      },
    }),
    pool: (real) => ({
      write: async (id, bytes) => {
        const copy = bytes.map((piece) => Buffer.from(piece));
        late = () => real.write(id, copy);
      },
      read: (id, range) => real.read(id, range),
      stat: (id) => real.stat(id),
      list: (page) => real.list(page),
      delete: (id) => real.delete(id),
    }),
  };
}

const nameOf = (sql: string | { readonly name: string }): string => (typeof sql === 'string' ? '' : sql.name);

/** Metadata finds no earlier answer to any write. */
const forgetAnswers = (real: Database): Database => ({
  ...real,
  transaction: (tenantId, fn, options) =>
    real.transaction(
      tenantId,
      (tx) =>
        fn({
          ...boundTo(tx),
          query: async (sql, values) => {
            const result = await tx.query(sql, values);
            return (nameOf(sql) === 'metadata.load-answers' ? { ...result, rows: [] } : result) as never;
          },
        }),
      options,
    ),
});

const boundTo = (tx: Transaction): Transaction => ({
  tenantId: tx.tenantId,
  schema: tx.schema,
  query: (sql, values) => tx.query(sql, values),
  defer: (sql, values) => tx.defer(sql, values),
  last: (sql, values) => tx.last(sql, values),
  savepoint: (fn) => tx.savepoint(fn),
  afterCommit: (callback) => tx.afterCommit(callback),
});
