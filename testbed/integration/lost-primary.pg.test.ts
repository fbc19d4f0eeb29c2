import { chmod } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { losePrimary, type PrimaryLoss } from '../src/lose-primary.ts';

async function lose(defect?: 'asynchronous'): Promise<PrimaryLoss> {
  await using folder = await temporaryFolder();
  await chmod(folder.path, 0o711);
  return await losePrimary(`${folder.path}/cluster`, defect);
}

test('a primary killed under load: every acknowledged revision is there, and no client sees more than a pause', async () => {
  const { acknowledged, ...loss } = await lose();
  expect(acknowledged).toBeGreaterThan(400);
  expect(loss).toMatchObject({ missing: [], falseAnswers: [], failures: [] });
}, 120_000);

test('a standby that is not waited for loses what was acknowledged, and this test sees it', async () => {
  const { missing } = await lose('asynchronous');
  expect(missing.length).toBeGreaterThan(0);
}, 120_000);
