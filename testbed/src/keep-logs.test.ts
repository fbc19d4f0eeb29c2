import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { keepTestLogs, testLogsVariable } from './keep-logs.ts';

test("servers' logs are kept under the names of their folders, data of that name are not, and nothing there is no error", async () => {
  await using folder = await temporaryFolder();
  const own = process.env[testLogsVariable];
  const kept = path.join(folder.path, 'kept');
  process.env[testLogsVariable] = kept;
  try {
    const world = path.join(folder.path, 'world');
    for (const file of ['kafka-1.log', 'postgres/primary/server.log', 'kafka-1-data/t-0/000.log', 'data/pool/pack', 'a/b/c/d/deep.log']) {
      await mkdir(path.dirname(path.join(world, file)), { recursive: true });
      await writeFile(path.join(world, file), file);
    }
    await keepTestLogs(world);
    await keepTestLogs(path.join(folder.path, 'never'));
  } finally {
    process.env[testLogsVariable] = own;
  }
  const files = (await readdir(kept, { recursive: true })).filter((name) => name.endsWith('.log'));
  expect(files.sort()).toEqual(['world/kafka-1.log', 'world/postgres/primary/server.log']);
});
