import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { loseBrokers } from '../src/lose-brokers.ts';

test('brokers are killed under load, twice: nothing acknowledged is lost, and each key keeps its order', async () => {
  await using folder = await temporaryFolder();
  expect(await loseBrokers(folder.path, 2)).toMatchObject({ lost: 0, outOfOrder: 0 });
}, 480_000);
