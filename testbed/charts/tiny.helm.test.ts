import { expect, test } from '@jest/globals';
import { lastingContainersOf, workloadsOf } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

const units: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024 };

test('a tiny cell with its back ends asks for at most 700m and 3 GiB, one of each', async () => {
  const objects = [
    ...(await renderChart(sampleOf('driftbox-cell', 'tiny'))),
    ...(await renderChart(sampleOf('driftbox-backends', 'tiny'))),
  ];
  const workloads = workloadsOf(objects);
  expect(workloads.map(({ object }) => object.spec?.replicas)).toEqual(workloads.map(() => 1));
  const asked = workloads.flatMap(({ pod }) => lastingContainersOf(pod)).map(({ resources }) => resources?.requests ?? {});
  const milli = asked.reduce((sum, { cpu = '' }) => sum + (cpu.endsWith('m') ? Number.parseInt(cpu, 10) : Number(cpu) * 1000), 0);
  const mebibytes = asked.reduce((sum, { memory = '' }) => sum + Number.parseInt(memory, 10) * (units[memory.slice(-2)] ?? Number.NaN), 0);
  expect(milli).toBeGreaterThan(0);
  expect(milli).toBeLessThanOrEqual(700);
  expect(mebibytes).toBeLessThanOrEqual(3 * 1024);
});
