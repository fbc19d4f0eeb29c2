import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { certifyDomain, makeAuthority } from './cell-authority.ts';
import { createCertificateMetrics } from './certificate-metrics.ts';

const dayMs = 86_400_000;
const now = Date.now();

test('the certificate that ends first is told of, apart from those that others have made, and none of a cell that is gone', async () => {
  const registry = new Registry();
  const ends = createCertificateMetrics(registry, () => now);
  const left = async (): Promise<Readonly<Record<string, number>>> => {
    const { values } = (await registry.getSingleMetric('driftbox_cell_certificate_left_seconds')!.get()) as {
      values: { labels: Record<string, string>; value: number }[];
    };
    return Object.fromEntries(values.map(({ labels, value }) => [labels['made_by'], Math.round((value * 1000) / dayMs)]));
  };
  const made = async (agoDays: number): Promise<string> =>
    (await certifyDomain(await makeAuthority('eu', now), 'files.example.com', now - agoDays * dayMs)).certificate;
  expect(await left()).toEqual({});
  ends.see('eu', await made(10), 'operator');
  ends.see('us', await made(50), 'operator');
  ends.see('asia', await made(85), 'administrator');
  ends.see('new', undefined, 'operator');
  ends.see('odd', 'no certificate', 'administrator');
  expect(await left()).toEqual({ operator: 40, administrator: 5 });
  ends.see('us', await made(0), 'operator');
  ends.forget('asia');
  expect(await left()).toEqual({ operator: 80 });
});
