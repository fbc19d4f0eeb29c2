import { expect, test } from '@jest/globals';
import type { PoolObserved } from './pool-observed.ts';
import { poolStatus } from './pool-status.ts';

const gib = 2n ** 30n;

function usedAfter(before: string | undefined, used: bigint): string | undefined {
  const status = { observedGeneration: 1, ...(before === undefined ? {} : { used: before }) };
  const pool = { apiVersion: 'driftbox.io/v1alpha1', kind: 'StoragePool', metadata: { name: 'main', uid: 'u' }, spec: {}, status };
  const observed = { pool, users: [], backups: [], allocated: 0n, used, content: { damagedChunks: 0 }, epochMs: 0 };
  return poolStatus({ observed: observed as unknown as PoolObserved, phase: { kind: 'paused' } }).used;
}

test('what is used is written anew once it moved by a percent', () => {
  expect(usedAfter(undefined, 900n * gib)).toBe('900Gi');
  expect(usedAfter('900Gi', 905n * gib)).toBe('900Gi');
  expect(usedAfter('900Gi', 910n * gib)).toBe('910Gi');
  expect(usedAfter('900Gi', 0n)).toBe('0');
});
