import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createS3Client, type S3Client } from '../s3/s3-client.ts';
import { BucketServer, flaws, type Flaw } from '../testing/bucket-server.ts';
import type { Check } from './check.ts';
import { qualify, quickChecks, type Finding } from './qualify.ts';
import { refusalOf } from './refusal.ts';

let server: BucketServer;
let client: S3Client;
beforeEach(async () => {
  server = await BucketServer.start();
  client = createS3Client(server.options);
});
afterEach(async () => {
  client.close();
  await server.close();
});

/** Each flaw, and the features that a product with it lacks, in the order in which they are tried. */
const lacking: Readonly<Record<Flaw, readonly string[]>> = {
  aborts: ['abort-parts'],
  bytes: ['read-after-write', 'conditional-put', 'conditional-put-at-once', 'ranges', 'parts', 'conditional-parts'],
  checksums: ['checksums', 'part-checksums'],
  conditions: ['conditional-put', 'conditional-put-at-once'],
  'conditions of parts': ['conditional-parts'],
  deletes: ['delete', 'ordered-lists'],
  'hidden parts': ['parts'],
  metadata: ['read-after-write'],
  'order of lists': ['ordered-lists'],
  'page sizes': ['ordered-lists'],
  ranges: ['ranges'],
  'starts of lists': ['ordered-lists'],
};

describe('a product', () => {
  test('that lacks nothing is good enough, each finding is told as it is made, and its bucket is left as it was', async () => {
    const told: Finding[] = [];
    const { goodEnough, findings } = await qualify(client, (finding) => told.push(finding));
    expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(goodEnough).toBe(true);
    expect(told).toEqual(findings);
    expect(findings.find(({ feature }) => feature === 'throughput')?.note).toMatch(/\d+ MiB\/s written, \d+ MiB\/s read/);
    expect([server.objects.size, server.rules]).toEqual([0, '']);
  });

  test.each(flaws)('whose %s cannot be relied on is found out, and for nothing else', async (flaw) => {
    server.lacks.add(flaw);
    const { goodEnough, findings } = await qualify(client, () => {}, quickChecks);
    const lacks = findings.filter(({ holds }) => !holds);
    expect(lacks.map(({ feature }) => feature)).toEqual(lacking[flaw]);
    for (const { note } of lacks) expect(note).not.toBe('');
    expect(goodEnough).toBe(lacks.every(({ weight }) => weight === 'wanted'));
    if (flaw !== 'deletes') expect(server.objects.size).toBe(0);
  });

  test('keeps the rules that its bucket has', async () => {
    server.rules = '<LifecycleConfiguration/>';
    const { findings } = await qualify(client, () => {});
    expect(findings.find(({ feature }) => feature === 'lifecycle')).toMatchObject({
      holds: true,
      note: expect.stringContaining('left alone'),
    });
    expect(server.rules).toBe('<LifecycleConfiguration/>');
  });
});

describe('a verdict', () => {
  const check = (weight: Check['weight'], run: Check['run']): Check => ({ feature: 'one', name: 'one thing', weight, run });

  test.each([
    ['needed', true, true],
    ['needed', false, false],
    ['wanted', true, true],
    ['wanted', false, true],
  ] as const)('over a %s feature that holds: %s is %s', async (weight, holds, goodEnough) => {
    const run = async (): Promise<string> => (holds ? '5 MiB/s' : Promise.reject(new Error('first line\nsecond line')));
    const verdict = await qualify(client, () => {}, [check(weight, run)]);
    const note = holds ? '5 MiB/s' : 'first line';
    expect(verdict).toEqual({ goodEnough, findings: [{ feature: 'one', name: 'one thing', weight, holds, note }] });
  });

  test('names what was thrown, whatever it is, and goes on', async () => {
    const throwing = (thrown: Error): Check => check('wanted', () => Promise.reject(thrown));
    const { findings } = await qualify(client, () => {}, [
      throwing('a text' as unknown as Error),
      throwing(new Error('')),
      check('wanted', async () => undefined),
    ]);
    expect(findings.map(({ holds, note }) => [holds, note])).toEqual([
      [false, 'a text'],
      [false, ''],
      [true, ''],
    ]);
  });

  test('removes what a check left, also where the check fails', async () => {
    const leaving = check('needed', async ({ newKey, put }) => {
      for (let n = 0; n < 3; n += 1) await put(newKey(), Buffer.from('left'));
      throw new Error('failed');
    });
    await qualify(client, () => {}, [leaving]);
    expect(server.calls.filter(({ method }) => method === 'PUT')).toHaveLength(3);
    expect(server.objects.size).toBe(0);
  });
});

test('a refusal is its code; a success where one is awaited is an error that says so', async () => {
  const refused = Object.assign(new Error('x'), { cause: { code: 'BadDigest' } });
  expect(await refusalOf(Promise.reject(refused), 'they were taken')).toBe('BadDigest');
  await expect(refusalOf(Promise.resolve(), 'they were taken')).rejects.toThrow('they were taken');
});
