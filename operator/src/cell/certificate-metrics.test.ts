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
    return Object.fromEntries(
      values.map(({ labels, value }) => [`${labels['made_by']} ${labels['shown_to']}`, Math.round((value * 1000) / dayMs)]),
    );
  };
  const made = async (agoDays: number): Promise<string> =>
    (await certifyDomain(await makeAuthority('cell eu', now), 'files.example.com', now - agoDays * dayMs)).certificate;
  const shown = (maker: 'operator' | 'administrator', outer: string, inner: readonly string[] = []) => ({
    people: { maker, all: [outer] },
    cell: { maker: 'operator' as const, all: inner },
  });
  expect(await left()).toEqual({});
  ends.see('eu', shown('operator', await made(10), [await made(20), await made(30)]));
  ends.see('us', shown('operator', await made(50), [await made(10)]));
  ends.see('asia', shown('administrator', await made(85)));
  ends.see('new', shown('operator', ''));
  ends.see('odd', shown('administrator', 'no certificate'));
  expect(await left()).toEqual({ 'operator people': 40, 'operator cell': 60, 'administrator people': 5 });
  ends.see('us', shown('operator', await made(0)));
  ends.see('eu', shown('operator', await made(10)));
  ends.forget('asia');
  expect(await left()).toEqual({ 'operator people': 80 });
});
