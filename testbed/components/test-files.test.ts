import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { findTestFiles } from './test-files.ts';

test('test files are found by each of their suffixes, selected, and never in node_modules', async () => {
  await using folder = await temporaryFolder();
  const both = 'b/both.kafka.s3.test.ts';
  const none = ['b/plain.test.ts', 'b/s3.test.ts', 'b/x.s3.ts', 'node_modules/m/n.s3.test.ts'];
  const files = ['a/x.s3.test.ts', 'a/y.kafka.test.ts', 'b/z.s3.test.ts', both, ...none];
  for (const file of files) {
    await mkdir(path.join(folder.path, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder.path, file), '');
  }
  const all = {
    redis: [],
    nginx: [],
    helm: [],
    prometheus: [],
    k6: [],
    openbao: [],
    faketime: [],
    k8s: [],
    kafka: ['a/y.kafka.test.ts', both],
    s3: ['a/x.s3.test.ts', both, 'b/z.s3.test.ts'],
  };
  expect(await findTestFiles(folder.path, () => true)).toEqual(all);
  expect(await findTestFiles(folder.path, (file) => file.includes('/b/'))).toEqual({ ...all, kafka: [both], s3: [both, 'b/z.s3.test.ts'] });
});
