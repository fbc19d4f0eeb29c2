import path from 'node:path';
import { readCatalogue } from '@driftbox/operator';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { putCatalogue } from './catalogue.ts';

const built = (digit: string) =>
  Object.fromEntries(['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'].map((name) => [name, `sha256:${digit.repeat(64)}`]));

test('the operator of a release has its own version and the one before, charts and images, and none that is older', async () => {
  await using folder = await temporaryFolder();
  const at = (version: string): string => path.join(folder.path, version);
  await putCatalogue(at('0.9.0'), '0.9.0', built('9'));
  await putCatalogue(at('0.10.0'), '0.10.0', built('a'), { folder: at('0.9.0') });
  await putCatalogue(at('0.11.0'), '0.11.0', built('b'), { folder: at('0.10.0') });
  const catalogue = await readCatalogue(at('0.11.0'));
  expect(catalogue.map(({ version }) => version)).toEqual(['0.10.0', '0.11.0']);
  expect(catalogue.map(({ images }) => images['services'])).toEqual([built('a')['services'], built('b')['services']]);
  const [before] = await readCatalogue(at('0.10.0')).then((one) => one.filter(({ version }) => version === '0.10.0'));
  const digestsOf = (one: (typeof catalogue)[number] | undefined) => Object.values(one?.charts ?? {}).map(({ digest }) => digest);
  expect(digestsOf(catalogue[0])).toEqual(digestsOf(before));
});

test('images of the version before are named as they were built here, where they were', async () => {
  await using folder = await temporaryFolder();
  const at = (version: string): string => path.join(folder.path, version);
  await putCatalogue(at('0.1.0'), '0.1.0', built('1'));
  const own = { '0.1.0': { services: `sha256:${'c'.repeat(64)}`, busybox: `sha256:${'d'.repeat(64)}` } };
  await putCatalogue(at('0.2.0'), '0.2.0', built('2'), { folder: at('0.1.0'), built: own });
  const [before, now] = await readCatalogue(at('0.2.0'));
  expect(before?.images).toEqual({ ...built('1'), services: own['0.1.0'].services });
  expect(now?.images).toEqual(built('2'));
});

test('what has not been built, or has nothing before it, is told of by name', async () => {
  await using folder = await temporaryFolder();
  const at = path.join(folder.path, 'one');
  await expect(putCatalogue(at, '0.1.0', { ...built('1'), nginx: undefined as never })).rejects.toThrow('build nginx first');
  await putCatalogue(at, '0.1.0', built('1'));
  await expect(putCatalogue(path.join(folder.path, 'two'), '0.1.0', built('2'), { folder: at })).rejects.toThrow(
    'has 0.1.0, and nothing before 0.1.0',
  );
});
