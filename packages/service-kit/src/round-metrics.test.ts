import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createRoundMetrics } from './round-metrics.ts';

const registry = new Registry();
const shown = async (): Promise<number[]> =>
  [...(await registry.metrics()).matchAll(/^driftbox_round_tenants{round="recount",state="\w+"} (\d+)$/gm)].map(([, count]) =>
    Number(count),
  );

test('a round shows what is done and what is left, and at its end that nothing is', async () => {
  const round = createRoundMetrics(registry, 'recount');
  expect(await shown()).toEqual([0, 0]);
  const seen: number[][] = [];
  for (const tenant of round.over(['a', 'b', 'c'])) seen.push([tenant.length, ...(await shown())]);
  expect(seen).toEqual([
    [1, 0, 3],
    [1, 1, 2],
    [1, 2, 1],
  ]);
  expect(await shown()).toEqual([3, 0]);
});

test('one that is left before its end, or fails, shows nothing: another process goes on', async () => {
  const round = createRoundMetrics(registry, 'recount');
  for (const tenant of round.over(['a', 'b'])) if (tenant === 'b') break;
  expect(await shown()).toEqual([0, 0]);
  const failing = async (): Promise<void> => {
    for (const tenant of round.over(['a', 'b'])) {
      expect(await shown()).toEqual([0, 2]);
      throw new Error(tenant);
    }
  };
  await expect(failing()).rejects.toThrow('a');
  expect(await shown()).toEqual([0, 0]);
});
