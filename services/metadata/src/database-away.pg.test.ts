import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDatabase, type Database } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import type { TestDatabase } from '@driftbox/testkit';
import { forward, openDoor, type Door } from './testing/door.ts';
import { newEntry, newWorld, newWrite, openTestDatabase } from './testing/world.ts';

/** A wire to the database that can be cut. */
type Wire = { readonly port: number; cut(): Promise<void>; mend(): Promise<void> };

async function openWire(target: net.NetConnectOpts): Promise<Wire> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(target);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    mend: () => listen(port),
    async cut() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

let db: TestDatabase;
let wire: Wire;
let database: Database;
let door: Door;
beforeAll(async () => {
  db = await openTestDatabase();
  const { host = '127.0.0.1', port = 5432, ...rest } = db.connectionOf('metadata');
  wire = await openWire(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  database = createDatabase({ ...rest, host: '127.0.0.1', port: wire.port, applicationName: 'test', acquireTimeoutMs: 1_000 });
  door = await openDoor(database);
}, 60_000);
afterAll(async () => {
  await door.stop();
  await database.close();
  await wire.cut();
  await db.drop();
});

test('while the database is away everything answers unavailable, and afterwards as before, nothing written twice', async () => {
  const { tenantId, userId, driveId: drive, rootId, epoch: driveEpoch } = await newWorld(db);
  const person = door.as(tenantId, userId);
  const operation = { op: 'createFolder' as const, entryId: newEntry(), writeId: newWrite(), parentId: rootId, name: 'a' };
  const commit = () => forward(person, { drive, driveEpoch, operations: [operation] });
  const first = await commit();
  await wire.cut();
  await expect(commit()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  await expect(person.user.call(routes.listChanges, { params: { drive } })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(door.service.ready()).rejects.toThrow();
  await wire.mend();
  expect(await commit()).toEqual(first);
  expect((await person.user.call(routes.listChanges, { params: { drive } })).changes).toHaveLength(1);
});
