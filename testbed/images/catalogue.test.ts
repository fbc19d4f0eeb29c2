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
  await putCatalogue(at('0.10.0'), '0.10.0', built('a'), at('0.9.0'));
  await putCatalogue(at('0.11.0'), '0.11.0', built('b'), at('0.10.0'));
  const catalogue = await readCatalogue(at('0.11.0'));
  expect(catalogue.map(({ version }) => version)).toEqual(['0.10.0', '0.11.0']);
  expect(catalogue.map(({ images }) => images['services'])).toEqual([built('a')['services'], built('b')['services']]);
  const [before] = await readCatalogue(at('0.10.0')).then((one) => one.filter(({ version }) => version === '0.10.0'));
  const digestsOf = (one: (typeof catalogue)[number] | undefined) => Object.values(one?.charts ?? {}).map(({ digest }) => digest);
  expect(digestsOf(catalogue[0])).toEqual(digestsOf(before));
});

test('what has not been built, or has nothing before it, is told of by name', async () => {
  await using folder = await temporaryFolder();
  const at = path.join(folder.path, 'one');
  await expect(putCatalogue(at, '0.1.0', { ...built('1'), nginx: undefined as never })).rejects.toThrow('build nginx first');
  await putCatalogue(at, '0.1.0', built('1'));
  await expect(putCatalogue(path.join(folder.path, 'two'), '0.1.0', built('2'), at)).rejects.toThrow('has 0.1.0, and nothing before 0.1.0');
});
