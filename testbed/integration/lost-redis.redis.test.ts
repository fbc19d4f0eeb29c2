import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@driftbox/api-client';
import { parseCommitId, parseEntryId, parseWriteId } from '@driftbox/domain';
import { migrations, type AnswerStore } from '@driftbox/metadata';
import { routes } from '@driftbox/protocol';
import { SharedValues } from '@driftbox/redis';
import {
  createTestDatabase,
  newId,
  startFaultProxy,
  temporaryFolder,
  waitFor,
  type FaultProxy,
  type TemporaryFolder,
  type TestDatabase,
} from '@driftbox/testkit';
import { startRedis, type RunningRedis } from '../components/servers/redis.ts';
import { startMetadata, type DriveOwner, type MetadataServer } from '../src/metadata-server.ts';

/** Metadata with hot answers in a Redis of this test's own, and beside it one that makes every answer from the same database. */
let folder: TemporaryFolder;
let redis: RunningRedis;
let proxy: FaultProxy;
let shared: SharedValues;
let db: TestDatabase;
let hot: MetadataServer;
let plain: MetadataServer;
let owner: DriveOwner;
let found = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  redis = await startRedis(path.join(folder.path, 'redis'));
  proxy = await startFaultProxy({ host: '127.0.0.1', port: redisPort() });
  shared = new SharedValues({
    url: `redis://${proxy.host}:${proxy.port}`,
    prefix: 'answers:',
    lifeMs: 600_000,
    patienceMs: 200,
    restMs: 50,
  });
  const watched: AnswerStore = {
    get: async (key) => {
      const answer = await shared.get(key);
      if (answer !== undefined) found += 1;
      return answer;
    },
    put: (key, answer) => shared.put(key, answer),
  };
  db = await createTestDatabase({ service: 'metadata', migrations });
  hot = await startMetadata(db.database, watched);
  plain = await startMetadata(db.database);
  owner = await hot.newOwner();
}, 120_000);
afterAll(async () => {
  await Promise.all([hot?.close(), plain?.close()]);
  shared?.close();
  await proxy?.close();
  await redis?.stop();
  await db?.drop();
  await folder.remove();
});

const redisPort = (): number => Number(new URL(redis.addresses['url'] ?? '').port);

async function flush(): Promise<void> {
  const socket = connect(redisPort(), '127.0.0.1');
  socket.write('FLUSHALL\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toBe('+OK\r\n');
}

/** Names of folders whose commit was acknowledged, in their order. */
const committed: string[] = [];

async function commitFolder(): Promise<void> {
  const { upload, drive } = owner;
  const name = `folder ${String(committed.length).padStart(3, '0')}`;
  const operation = {
    op: 'createFolder' as const,
    entryId: newId(parseEntryId),
    writeId: newId(parseWriteId),
    parentId: drive.rootId,
    name,
  };
  const commit = { commitId: newId(parseCommitId), commitBy: new Date(Date.now() + 60_000).toISOString(), atomic: false };
  const body = { ...commit, driveEpoch: drive.driveEpoch, operations: [operation] };
  const { outcomes } = await upload.call(routes.forwardCommit, { params: { drive: drive.drive }, body });
  expect(outcomes).toMatchObject([{ outcome: 'committed' }]);
  committed.push(name);
}

const list = (client: Client) => client.call(routes.listChildren, { params: { drive: owner.drive.drive, entry: owner.drive.rootId } });
const changes = (client: Client, after: string) =>
  client.call(routes.listChanges, { params: { drive: owner.drive.drive }, query: { after } });

/** Commits while others look, who never see less than was acknowledged before they asked; then everybody is answered alike. */
async function useDrive(): Promise<void> {
  const truth = plain.clientOf(owner.token);
  const { nextCursor } = await changes(truth, (await truth.call(routes.listChanges, { params: { drive: owner.drive.drive } })).nextCursor);
  const look = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) {
      const known = [...committed];
      const names = (await list(owner.user)).items.map(({ name }) => name);
      expect(names.slice(0, known.length)).toEqual(known);
    }
  };
  for (let turn = 0; turn < 3; turn += 1) {
    await Promise.all([commitFolder(), look(), look()]);
    await look();
  }
  const asks: readonly ((client: Client) => Promise<unknown>)[] = [list, (client) => changes(client, nextCursor)];
  for (const ask of asks) {
    const expected = await ask(truth);
    expect(await Promise.all([ask(owner.user), ask(owner.user), ask(owner.user)])).toEqual([expected, expected, expected]);
  }
}

/** Redis is in use: asked twice, the second answer comes out of it. */
async function comesFromRedis(): Promise<void> {
  const before = found;
  await waitFor(async () => (await list(owner.user), found > before), { deadlineMs: 30_000, what: 'an answer out of Redis' });
}

test('Redis flushed, stalled, cut off and killed: the same answers as without it, none from before a commit that was seen', async () => {
  await comesFromRedis();
  await useDrive();
  let flushing = true;
  const flushed = (async () => {
    while (flushing) await flush();
  })();
  await useDrive();
  flushing = false;
  await flushed;
  await comesFromRedis();

  proxy.set({ stalled: true });
  await useDrive();
  // What was on its way arrives now, behind the commits that were made meanwhile.
  proxy.set({});
  await useDrive();
  await comesFromRedis();

  proxy.set({ refused: true });
  proxy.cut();
  const before = found;
  await useDrive();
  expect(found).toBe(before);
  proxy.set({});
  await comesFromRedis();

  const [node] = redis.nodes;
  await Promise.all([useDrive(), node!.kill()]);
  await useDrive();
  await node!.start();
  await useDrive();
  await comesFromRedis();
}, 120_000);
