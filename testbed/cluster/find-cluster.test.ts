import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { findCluster } from './find-cluster.ts';

type Made = { readonly command: string[]; readonly group?: string; readonly namespace?: string };

/** A process as the kernel would show it; with a child, and told where its files are. */
async function make(processes: string, pid: number | 'self', { command, group = '/', namespace = 'pid:[1]' }: Made): Promise<void> {
  const folder = path.join(processes, String(pid));
  await mkdir(path.join(folder, 'ns'), { recursive: true });
  await mkdir(path.join(folder, 'task', String(pid)), { recursive: true });
  await symlink(namespace, path.join(folder, 'ns/pid'));
  await writeFile(path.join(folder, 'cmdline'), command.map((word) => `${word}\0`).join(''));
  await writeFile(path.join(folder, 'cgroup'), `9:name=systemd:/\n4:memory:${group}\n`);
  await writeFile(path.join(folder, `task/${pid}/children`), '78 79 ');
  await writeFile(path.join(folder, 'environ'), 'HOME=/root\0FOLDER=/its/files\0');
}

const command = ['/usr/bin/unshare', '--fork', '--pid', '/another/checkout/testbed/cluster/node/init.sh'];
const group = '/of/a/session/driftbox-cluster';

test('a cluster of which nothing is written here is found by its launcher, and nothing else is taken for one', async () => {
  await using folder = await temporaryFolder();
  const others: Made[] = [
    { command, group: '/of/a/session' },
    { command, group, namespace: 'pid:[2]' },
    { command: ['/bin/sh', '-c', 'unshare /another/checkout/testbed/cluster/node/init.sh'], group },
    { command: ['/usr/bin/unshare', '--fork', '/bin/sh'], group },
  ];
  await make(folder.path, 'self', { command: ['node'] });
  for (const [n, other] of others.entries()) await make(folder.path, 50 + n, other);
  expect(await findCluster(folder.path)).toBeUndefined();
  await make(folder.path, 77, { command, group });
  expect(await findCluster(folder.path)).toEqual({ launcher: 77, init: 78, folder: '/its/files' });
});
