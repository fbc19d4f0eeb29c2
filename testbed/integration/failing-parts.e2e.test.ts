import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { noRetry } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { afterAll, afterEach, describe, expect } from '@jest/globals';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { databasePid, signalDatabase } from '../src/database-process.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest, type RawAnswer } from '../src/raw-request.ts';
import { assertRefused } from '../src/refusal.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

const ownServerTest = testThatNeeds('ownServer');
let server: OpenServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const put = (user: ApiUser, name: string, body: Uint8Array): Promise<RawAnswer> =>
  rawRequest(server!.address, {
    method: 'PUT',
    path: `/v1/drives/${user.drive.drive}/files/${name}`,
    token: user.accessToken,
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });

async function read(user: ApiUser, name: string): Promise<Buffer> {
  const params = { drive: user.drive.drive };
  const { entryId } = await user.client.call(routes.resolvePath, { params, query: { path: name } });
  const content = `/v1/drives/${user.drive.drive}/entries/${entryId}/content`;
  return (await rawRequest(server!.address, { path: content, token: user.accessToken })).body;
}

describe('the database', () => {
  ownServerTest('that died ends the server with a clear message, and a restart has everything acknowledged', async () => {
    server = await openServer();
    const user = await signUpByApi(server.address, 'ada');
    const bytes = randomBytes(2_000_000);
    expect((await put(user, 'kept.bin', bytes)).status).toBe(201);
    process.kill(await databasePid(server.dataFolder), 'SIGKILL');
    expect(await server.process().ended).toBe(1);
    expect(server.process().complaints()).toContain('driftbox: PostgreSQL has ended; its log is in');
    await server.restart();
    expect((await read(user, 'kept.bin')).equals(bytes)).toBe(true);
    expect((await put(user, 'after.bin', bytes)).status).toBe(201);
  });

  ownServerTest('that does not answer is told as unavailable, and the same request works when it is back', async () => {
    server = await openServer();
    const user = await signUpByApi(server.address, 'ada');
    const { dataFolder } = server;
    const list = () => user.client.call(routes.listDrives, { deadlineMs: 1_000, retry: noRetry });
    await signalDatabase(dataFolder, 'SIGSTOP');
    try {
      expect(await list().catch((error: unknown) => error)).toMatchObject({ code: 'unavailable', retryable: true });
    } finally {
      await signalDatabase(dataFolder, 'SIGCONT');
    }
    expect((await user.client.call(routes.listDrives)).items).toHaveLength(1);
    expect((await put(user, 'after.bin', randomBytes(10))).status).toBe(201);
  });
});

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;
const unmount = (folder: string): boolean => spawnSync('umount', ['-l', folder]).status === 0;

describe('a full disk', () => {
  const pools: string[] = [];
  afterAll(() => pools.forEach(unmount));

  // Only who may mount can make a small disk.
  testThatNeeds('ownServer', 'mounts')('refuses what does not fit, keeps what is there, and goes on when there is room', async () => {
    server = await openServer({}, async (dataFolder) => {
      const pool = path.join(dataFolder, 'pool');
      await mkdir(pool, { mode: 0o700 });
      if (!mount('-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', pool)) throw new Error('the pool could not be mounted');
      pools.push(pool);
    });
    const user = await signUpByApi(server.address, 'ada');
    const kept = randomBytes(5_000_000);
    expect((await put(user, 'kept.bin', kept)).status).toBe(201);
    // Larger than what a server reads before it refuses.
    const piece = (): Buffer => randomBytes(3_000_000);
    for (let index = 0; (await put(user, `f${index}.bin`, piece())).status === 201; index += 1) expect(index).toBeLessThan(40);
    const late = piece();
    await assertRefused(user, 'unavailable', () => put(user, 'late.bin', late));
    expect((await read(user, 'kept.bin')).equals(kept)).toBe(true);
    expect(mount('-o', 'remount,size=256m', pools[0]!)).toBe(true);
    expect((await put(user, 'late.bin', late)).status).toBe(201);
    expect((await read(user, 'late.bin')).equals(late)).toBe(true);
    await server.process().stop();
    unmount(pools.pop()!);
  });
});
