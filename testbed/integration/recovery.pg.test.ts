import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { openDiskStore, type PackStore } from '@driftbox/chunk-store';
import { parseTenantId, parseWriteId, type Digest, type EntryId } from '@driftbox/domain';
import { migrations as metadataMigrations } from '@driftbox/metadata';
import { createDatabase, migrate, type Database } from '@driftbox/postgres';
import type { PostgresServer } from '@driftbox/postgres-server';
import { decodeFrames, routes, type WireOperation } from '@driftbox/protocol';
import { deathAt, newId, temporaryFolder, waitFor } from '@driftbox/testkit';
import { uploadMigrations } from '@driftbox/upload';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { copyCluster } from '../components/servers/postgres.ts';
import { restartablePostgres } from '../components/servers/restartable-postgres.ts';
import { newFile, oneChunk, sendCommit } from '../src/api-user.ts';
import { checkThrough } from '../src/check-tenant.ts';
import { startLife, type Life, type LifeOwner } from '../src/life.ts';
import { projectFolder } from '../src/standalone-process.ts';

const password = randomBytes(16).toString('hex');
const dayMs = 86_400_000;

/** Metadata and upload on a server, until `close`. */
async function open(server: PostgresServer, packs: PackStore, keyFile: string, recoverWithinMs: number) {
  const databases = ['metadata', 'upload'].map((name) =>
    createDatabase({ ...server.connection, user: name, password, applicationName: name, schema: name }),
  ) as [Database, Database];
  const [metadata, upload] = databases;
  const life = await startLife({ metadata, upload, packs, keyFile, steps: deathAt(Infinity), upkeep: { readMs: recoverWithinMs } });
  const close = async (): Promise<void> => {
    await life.stop();
    await Promise.all(databases.map((database) => database.close()));
  };
  return { life, close };
}

async function ask(server: PostgresServer, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  return (await client.query<Record<string, unknown>>(text).finally(() => client.end())).rows;
}

/** Saves a file of some pieces; what was acknowledged. */
async function save(owner: LifeOwner, name: string): Promise<{ entryId: EntryId; digests: Digest[] }> {
  const pieces = Array.from({ length: 4 }, () => randomBytes(2_000));
  const chunkList = pieces.map((bytes) => oneChunk(bytes));
  const operation = { ...newFile(owner.drive, name, undefined), chunkList, sizeBytes: 8_000 } as WireOperation & { entryId: EntryId };
  expect((await sendCommit(owner, [operation], pieces)).outcomes).toMatchObject([{ outcome: 'committed' }]);
  return { entryId: operation.entryId, digests: chunkList.map(({ digest }) => digest) };
}

async function purge(owner: LifeOwner, entryId: EntryId): Promise<void> {
  const of = { entryId };
  const { outcomes } = await sendCommit(owner, [
    { op: 'delete', ...of, writeId: newId(parseWriteId), baseRev: 1, seenSeq: 999 },
    { op: 'purge', ...of, writeId: newId(parseWriteId) },
  ]);
  expect(outcomes).toMatchObject([{ outcome: 'committed' }, { outcome: 'committed' }]);
}

async function read({ client, drive }: LifeOwner, digests: readonly Digest[]): Promise<void> {
  const answer = await client.stream(routes.fetchChunks, { params: { drive: drive.drive }, json: { digests: [...digests] } });
  let count = 0;
  for await (const _ of decodeFrames(answer.body)) count += 1;
  expect(count).toBe(digests.length);
}

/** Days pass for what is condemned or dead; collection then removes what it may and moves what lies among dead chunks. */
async function collect(life: Life, server: PostgresServer, owner: LifeOwner, passes: number): Promise<void> {
  for (let pass = 0; pass < passes; pass += 1) {
    const ago = `- interval '2 days'`;
    await ask(server, `UPDATE upload.chunks SET condemned_at = condemned_at ${ago}`);
    await ask(server, `UPDATE upload.packs SET created_at = created_at ${ago}, dead_at = dead_at ${ago}; DELETE FROM upload.pins`);
    await life.upload.collect(owner.tenantId);
  }
}

/** How PostgreSQL is told the moment before a mistake. */
type Moment = (server: PostgresServer) => Promise<Readonly<Record<string, string>>>;

const byName: Moment = async (server) => {
  await ask(server, `SELECT pg_create_restore_point('before the mistake')`);
  return { recovery_target_name: 'before the mistake' };
};

const byTime: Moment = async (server) => {
  const [now] = await ask(server, 'SELECT clock_timestamp()::text AS time');
  return { recovery_target_time: String(now!['time']) };
};

/** A setting of PostgreSQL as docs/backup.md says it to administrators, with the archive in this folder. */
async function documented(setting: string, archive: string): Promise<string> {
  const page = await readFile(path.join(projectFolder, 'docs/backup.md'), 'utf8');
  const [, value] = new RegExp(`\\b${setting} = '?([^'#\\n]*[^'# \\n])`).exec(page) ?? [];
  if (value === undefined) throw new Error(`docs/backup.md does not say ${setting}`);
  return value.replaceAll('/mnt/wal', archive);
}

/** Recovers to a moment after a base backup; what the pool does meanwhile depends on how long it keeps what it would remove. */
async function recover(moment: Moment, recoverWithinMs: number): Promise<void> {
  await using folder = await temporaryFolder();
  await chmod(folder.path, 0o711);
  const [archive, first, second] = ['archive', 'first', 'second'].map((name) => `${folder.path}/${name}`) as [string, string, string];
  await mkdir(archive);
  const packs = await openDiskStore(`${folder.path}/pool`);
  const keyFile = `${folder.path}/keys.json`;
  const asWritten = async (...settings: string[]): Promise<Record<string, string>> =>
    Object.fromEntries(await Promise.all(settings.map(async (name) => [name, await documented(name, archive)] as const)));
  const archiving = await asWritten('wal_level', 'archive_mode', 'archive_timeout', 'archive_command');
  const before = await restartablePostgres({ folder: first, durability: 'durable', port: 0, settings: archiving });
  const data = await stat(`${first}/data`);
  await chown(archive, data.uid, data.gid);
  const server = before.server();
  for (const [schema, directory] of [
    ['metadata', metadataMigrations],
    ['upload', uploadMigrations],
  ] as const)
    await migrate({ admin: server.connection, schema, serviceRole: schema, password, directory });
  const then = await open(server, packs, keyFile, recoverWithinMs);
  const owner = await then.life.newOwner(newId(parseTenantId));
  const [early, doomed] = [await save(owner, 'early'), await save(owner, 'doomed')];
  await copyCluster(server, `${first}/data`, `${second}/data`, 'recovery.signal');
  const late = await save(owner, 'late');
  const { nextCursor: cursor } = await owner.client.call(routes.listChanges, { params: { drive: owner.drive.drive } });
  const target = await moment(server);
  // The mistake, and what goes on until it is noticed.
  await purge(owner, doomed.entryId);
  const lost = await save(owner, 'lost');
  await collect(then.life, server, owner, 4);
  await ask(server, 'DELETE FROM metadata.entries');
  await archiveAll(server);
  await then.close();
  await before.stop();
  const settings = { ...target, ...(await asWritten('restore_command', 'recovery_target_action')) };
  const after = await restartablePostgres({ folder: second, durability: 'durable', port: 0, settings });
  try {
    const now = await open(after.server(), packs, keyFile, recoverWithinMs);
    try {
      const again = now.life.as(owner);
      expect(await now.life.admin.call(routes.recoverMetadata, { body: {} })).toEqual({ tenants: [owner.tenantId], drives: 1 });
      const inDrive = { params: { drive: owner.drive.drive } };
      await expect(again.client.call(routes.listChanges, { ...inDrive, query: { after: cursor } })).rejects.toMatchObject({
        code: 'cursor_expired',
      });
      await checkThrough(now.life.admin, owner.tenantId);
      for (const { digests } of [early, doomed, late]) await read(again, digests);
      const listed = (await again.client.call(routes.listChanges, inDrive)).changes.map(
        (change) => change.change === 'put' && change.entry.name,
      );
      expect(listed.filter(Boolean).sort()).toEqual(['doomed', 'early', 'late']);
      const [drive] = (await again.client.call(routes.listDrives)).items;
      const writer = { ...again, drive: drive! };
      await expect(read(writer, lost.digests)).rejects.toMatchObject({ code: 'chunk_missing' });
      await read(writer, (await save(writer, 'lost')).digests);
    } finally {
      await now.close();
    }
  } finally {
    await after.stop();
  }
}

/** Until the segment with the mistake is in the archive there is nothing to recover to. */
async function archiveAll(server: PostgresServer): Promise<void> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    // What the server writes by itself from now on goes to the next segment, which is never full.
    const { rows } = await client.query<{ segment: string }>('SELECT pg_walfile_name(pg_switch_wal() - 1) AS segment');
    const archived = `SELECT FROM pg_stat_archiver WHERE last_archived_wal !~ 'backup' AND last_archived_wal >= $1`;
    await waitFor(async () => (await client.query(archived, [rows[0]!.segment])).rowCount === 1, {
      deadlineMs: 30_000,
      what: 'the archive',
    });
  } finally {
    await client.end();
  }
}

test('databases recovered to the time of a mistake: all that was acknowledged by then is there, and clients list anew', async () => {
  await recover(byTime, 30 * dayMs);
}, 180_000);

test('a pool that keeps nothing for a recovery, here to a name, has lost what the older rows name, and the check says so', async () => {
  await expect(recover(byName, 60_000)).rejects.toThrow('chunk_missing');
}, 180_000);
