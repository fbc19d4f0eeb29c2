import { expect, test } from '@jest/globals';
import { renderText, type ChartName } from './render-chart.ts';
import { sampleOf } from './samples.ts';

const refused: readonly (readonly [what: string, chart: ChartName, sample: string, values: object, says: string])[] = [
  [
    'a tag',
    'driftbox-cell',
    'small',
    { images: { services: { digest: 'latest' }, nginx: { digest: `sha256:${'a'.repeat(64)}` } } },
    '/images/services/digest',
  ],
  ['an unknown field', 'driftbox-cell', 'small', { replicas: 3 }, "additional properties 'replicas' not allowed"],
  ['no host', 'driftbox-cell', 'small', { gateway: { hosts: [] } }, '/gateway/hosts'],
  ['a host that is more than one', 'driftbox-cell', 'small', { gateway: { hosts: ['a.example.com; return 200'] } }, '/gateway/hosts/0'],
  ['a profile that is none', 'driftbox-cell', 'small', { profile: 'huge' }, '/profile'],
  ['a size of nothing', 'driftbox-cell', 'small', { sizes: { auth: { replicas: 0 } } }, '/sizes/auth/replicas'],
  ['a bucket of another form', 'driftbox-cell', 'small', { s3: { endpoint: 'http://s3:9000', bucket: 'Packs_' } }, '/s3/bucket'],
  ['a mirror without bucket', 'driftbox-cell', 'small', { mirror: { endpoint: 'http://s3:9000' } }, "missing properties 'bucket'"],
  ['keys without token', 'driftbox-cell', 'small', { transit: { url: 'http://bao' } }, '/transit'],
  ['an archive of a year', 'driftbox-cell', 'small', { postgres: { recoverWithinHours: 8_760 } }, '/postgres/recoverWithinHours'],
  ['two brokers', 'driftbox-backends', 'small', { sizes: { kafka: { replicas: 2 } } }, '/sizes/kafka/replicas'],
  ['three standbys', 'driftbox-backends', 'small', { sizes: { postgres: { replicas: 4 } } }, '/sizes/postgres/replicas'],
  ['a registry with a path that leads out', 'driftbox-operator', 'plain', { imageRegistry: '../evil' }, '/imageRegistry'],
];

test('an image without digest is refused, that of a part which is not there need not have one', async () => {
  const without = (image: string, profile: string): Promise<string> => {
    const values = sampleOf('driftbox-backends', profile).values as { readonly images: object };
    return renderText({ chart: 'driftbox-backends', values: { ...values, images: { ...values.images, [image]: {} } } });
  };
  await expect(without('kafka', 'tiny')).rejects.toThrow('images.kafka.digest is missing');
  await expect(without('services', 'small')).rejects.toThrow('images.services.digest is missing');
  expect(await without('services', 'tiny')).toContain('kind: StatefulSet');
});

test.each(refused)('%s is refused by %s', async (_, chart, sample, values, says) => {
  const good = sampleOf(chart, sample).values;
  await expect(renderText({ chart, values: { ...good, ...values } })).rejects.toThrow(says);
});
