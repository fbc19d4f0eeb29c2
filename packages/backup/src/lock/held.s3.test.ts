import { randomUUID } from 'node:crypto';
import { createS3Bucket } from '@driftbox/chunk-store';
import { parseTenantId } from '@driftbox/domain';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { beforeAll, expect, test } from '@jest/globals';
import { openBucketDestination, openFolderDestination, type Destination } from '../destination.ts';
import { holding } from './held.ts';
import { readMarks, type Use } from './mark.ts';

const tenantId = parseTenantId('11111111-1111-4111-8111-111111111111')!;
const key = Buffer.alloc(32, 7);
const bucket = { ...testComponent('s3'), bucket: `backups-${randomUUID()}`, prefix: 'some/' };
beforeAll(() => createS3Bucket(bucket));

/** Has some come at the same moment, each with a connection of its own. Answers who worked; each stays until all have looked. */
async function together(open: () => Promise<Destination>, uses: readonly Use[]): Promise<Use[]> {
  const worked: Use[] = [];
  let looking = uses.length;
  const all = Promise.withResolvers<void>();
  const looked = (): void => void ((looking -= 1) === 0 && all.resolve());
  await Promise.all(
    uses.map(async (use) => {
      const place = await open();
      const work = async (): Promise<void> => {
        worked.push(use);
        looked();
        await all.promise;
      };
      await holding(place, use, {}, work).catch((error: { code?: string }) => {
        expect(error.code).toBe('locked');
        looked();
      });
      place.close();
    }),
  );
  return worked;
}

async function expectApart(open: () => Promise<Destination>): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    expect((await together(open, ['create', 'remove'])).length).toBeLessThan(2);
    expect((await together(open, ['create', 'create'])).length).toBeLessThan(2);
    expect(await together(open, ['read', 'create', 'read'])).toHaveLength(3);
  }
  const place = await open();
  expect(await readMarks(place)).toEqual([]);
  place.close();
}

test('in a bucket those who are in each other’s way never work together', () =>
  expectApart(() => openBucketDestination(bucket, tenantId, key)));

test('nor in a folder', async () => {
  await using folder = await temporaryFolder();
  await expectApart(() => openFolderDestination(folder.path, tenantId, key));
});
