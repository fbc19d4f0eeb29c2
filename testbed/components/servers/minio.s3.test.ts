import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { PackIdentity, createS3Bucket, openS3Store, retry, type PackId, type PackStore } from '@driftbox/chunk-store';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { startMinioCluster, type RunningMinio } from './minio.ts';

async function statusOf(cluster: RunningMinio, node: number, probe: 'live' | 'cluster'): Promise<number> {
  return (await fetch(`${cluster.nodes[node]?.s3.endpoint}/minio/health/${probe}`)).status;
}

async function writePacks(store: PackStore, packs: Map<PackId, Buffer>): Promise<void> {
  for (let n = 0; n < 10; n += 1) {
    const [{ id }, bytes] = [PackIdentity.random(), randomBytes(100_000)];
    await store.write(id, [bytes]);
    packs.set(id, bytes);
  }
}

test('four nodes take packs without one of them, take it back, and have every pack that was acknowledged', async () => {
  await using folder = await temporaryFolder();
  const cluster = await startMinioCluster(folder.path);
  try {
    expect(cluster.pids).toHaveLength(4);
    const bucket = 'packs';
    await createS3Bucket({ ...cluster.s3, bucket });
    const first = await openS3Store({ ...cluster.s3, bucket });
    const packs = new Map<PackId, Buffer>();
    await writePacks(retry(first), packs);
    await cluster.nodes[3]?.kill();
    await expect(statusOf(cluster, 3, 'live')).rejects.toThrow('fetch failed');
    await writePacks(retry(first), packs);
    expect(await statusOf(cluster, 0, 'cluster')).toBe(200);
    await cluster.nodes[3]?.start();
    const s3 = cluster.nodes[3]?.s3 ?? cluster.s3;
    const last = await openS3Store({ ...s3, bucket });
    for (const [id, bytes] of packs) {
      // A node that is just back may say for some seconds that it has not what was written without it (docs/storage.md).
      const ofLast = await waitFor(() => last.read(id), { deadlineMs: 60_000, what: `the node that came back to have ${id}` });
      expect(bytes.equals(ofLast)).toBe(true);
      expect(bytes.equals(await retry(first).read(id))).toBe(true);
    }
    for (const store of [first, last]) store.close();
  } finally {
    await cluster.stop();
  }
}, 120_000);
