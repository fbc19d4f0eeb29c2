import { expect, test } from '@jest/globals';
import { revisionOf } from './release-record.ts';

const modifiedMs = (times: Readonly<Record<string, string>>): number | undefined =>
  revisionOf({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'r', labels: { owner: 'helm', version: '2', status: 'pending-upgrade', ...times } },
  })?.modifiedMs;

test.each([
  ['has just been made', { createdAt: '200' }],
  ['has just been made, with the labels of the one before', { createdAt: '200', modifiedAt: '100' }],
  ['was changed since', { createdAt: '100', modifiedAt: '200' }],
])('a record that %s is as old as it looks', (_, times) => {
  expect(modifiedMs(times)).toBe(200_000);
});
