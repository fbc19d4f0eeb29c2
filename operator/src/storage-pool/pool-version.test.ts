import { expect, test } from '@jest/globals';
import type { Catalogue } from '../catalogue.ts';
import { poolVersion } from './pool-version.ts';

const chart = { folder: '', digest: '' };
const catalogue: Catalogue = ['0.2.0', '0.3.0'].map((version) => ({
  version,
  images: {},
  charts: { 'driftbox-cell': chart, 'driftbox-backends': chart },
}));

test.each([
  ['one that nobody uses yet is of the newest version', [], '0.3.0'],
  ['one in use stays with the newest of its cells', ['0.1.0', '0.2.0'], '0.2.0'],
  ['it goes with the first cell that is upgraded', ['0.3.0', '0.2.0'], '0.3.0'],
  ['what the operator came without is the next that it has', ['0.1.0'], '0.2.0'],
  ['or its newest', ['0.10.0'], '0.3.0'],
])('%s', (_, known, version) => {
  expect(poolVersion(catalogue, known)?.version).toBe(version);
});

test('without a catalogue there is none', () => {
  expect(poolVersion([], ['0.1.0'])).toBeUndefined();
});
