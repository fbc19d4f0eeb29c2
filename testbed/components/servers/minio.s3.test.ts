import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { startMinioCluster, type MinioCluster } from './minio.ts';

async function statusOf(cluster: MinioCluster, node: number, probe: 'live' | 'cluster'): Promise<number> {
  return (await fetch(`${cluster.nodes[node]?.s3.endpoint}/minio/health/${probe}`)).status;
}

test('four nodes form one server that takes writes without one of them, and takes it back', async () => {
  await using folder = await temporaryFolder();
  const cluster = await startMinioCluster(folder.path);
  try {
    expect(cluster.pids).toHaveLength(4);
    expect(await statusOf(cluster, 0, 'cluster')).toBe(200);
    await cluster.nodes[3]?.kill();
    await expect(statusOf(cluster, 3, 'live')).rejects.toThrow('fetch failed');
    expect(await statusOf(cluster, 0, 'cluster')).toBe(200);
    await cluster.nodes[3]?.start();
    expect(await statusOf(cluster, 3, 'cluster')).toBe(200);
  } finally {
    await cluster.stop();
  }
}, 90_000);
