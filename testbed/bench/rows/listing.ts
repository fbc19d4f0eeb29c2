import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startPostgresServer } from '@driftbox/postgres-server';
import { putFiles, signUpByApi } from '../../src/api-user.ts';
import { timeRequests } from '../../src/request-rate.ts';
import { startScript } from '../../src/start-script.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const entries = 1000;
const requests = 500;
const rounds = 5;

/** Row 16: one connection, so that p99 is the server's and not a queue's. */
export const listing: Row = {
  row: 16,
  name: 'folder listing of 1,000 entries, p99, one connection',
  unit: 'ms',
  judged: 'ratio',
  better: 'lower',
  must: 2,
  aim: 1.2,
  measure: async (world) => {
    const user = await signUpByApi(world.address, 'lister');
    await putFiles(
      user,
      Array.from({ length: entries }, (_, index) => ({ name: `file-${index}`, bytes: Buffer.from(`content ${index}`) })),
    );
    const folder = path.join(world.folder, 'listing');
    await mkdir(folder);
    await chmod(folder, 0o711);
    const server = await startPostgresServer({ folder, durability: 'durable' });
    const { host, port, user: admin, database } = server.connection;
    const plain = await startScript(path.join(import.meta.dirname, '../baseline/listing-server.ts'), host, String(port), admin, database);
    const url = `${world.address}/v1/drives/${user.drive.drive}/entries/${user.drive.rootId}/children?limit=${entries}`;
    const p99 = async (target: string) => (await timeRequests(target, { authorization: `Bearer ${user.accessToken}` }, 1, requests)).p99Ms;
    try {
      return await interleave(
        rounds,
        () => p99(url),
        () => p99(plain.address),
      );
    } finally {
      plain.close();
      await server.stop();
    }
  },
};
