import { expect, test } from '@jest/globals';
import { ChartRefused, readManifest } from './read-manifest.ts';

const header = (kind: string, more = ''): string => `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: one${more}}\n`;

test('numbers are read as Helm sends them, so that nothing looks changed by hand', () => {
  const text = `${header('Deployment')}spec: {mode: 0440, port: 8080, flag: 'off', size: "08"}\n`;
  expect(readManifest(text, 'ns')).toMatchObject([
    { object: { metadata: { name: 'one', namespace: 'ns' }, spec: { mode: 0o440, port: 8080, flag: 'off', size: '08' } } },
  ]);
});

test("what is not the release's is refused, all of it by name", () => {
  const text = ['DaemonSet', 'Deployment'].map((kind) => header(kind, kind === 'Deployment' ? ', namespace: other' : '')).join('---\n');
  expect(() => readManifest(text, 'ns')).toThrow(ChartRefused);
  expect(() => readManifest(text, 'ns')).toThrow('apps/v1 DaemonSet one, Deployment one in other');
});
