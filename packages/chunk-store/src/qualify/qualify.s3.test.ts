import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createS3Bucket } from '../s3/s3-store.ts';
import { createS3Client, type S3Client, type S3Request } from '../s3/s3-client.ts';
import { testComponent } from '@driftbox/testkit';
import type { Check } from './check.ts';
import { objectChecks } from './checks/objects.ts';
import { partChecks } from './checks/parts.ts';
import { qualify, type Verdict } from './qualify.ts';

const options = { ...testComponent('s3'), bucket: `qualify-${randomUUID()}` };
const client = createS3Client(options);
beforeAll(() => createS3Bucket(options));
afterAll(() => client.close());

/** The names of what a product lacks that is MinIO but for what `change` does to each request before it is signed. */
async function lacking(
  checks?: readonly Check[],
  change = (request: S3Request) => request,
): Promise<{ verdict: Verdict; lacks: string[] }> {
  const changed: S3Client = { ...client, send: (request, doing) => client.send(change(request), doing) };
  const verdict = await qualify(changed, () => {}, checks);
  return { verdict, lacks: verdict.findings.filter(({ holds }) => !holds).map(({ name }) => name) };
}

function without(header: string): (request: S3Request) => S3Request {
  return ({ headers = {}, ...request }) => {
    const { [header]: _gone, ...kept } = headers;
    return { ...request, headers: kept };
  };
}

test('MinIO is good enough, and its bucket is left empty', async () => {
  const { verdict, lacks } = await lacking();
  // It removes such parts by itself.
  expect(lacks).toEqual(['a rule of the bucket can remove parts that nobody gave up']);
  expect(verdict.goodEnough).toBe(true);
  expect((await client.list('', '', 10)).keys).toEqual([]);
}, 60_000);

test('a product that ignores conditions is found out', async () => {
  const { verdict, lacks } = await lacking([...objectChecks, ...partChecks], without('if-none-match'));
  expect(verdict.goodEnough).toBe(false);
  expect(lacks).toEqual([
    'an object is made only if its name is free, where that is asked for',
    'of twenty who write one free name at once, one wins and its bytes stay',
    'an object in parts is completed only if its name is still free',
    'a rule of the bucket can remove parts that nobody gave up',
  ]);
}, 60_000);

test('a product that ignores checksums is found out', async () => {
  const { verdict, lacks } = await lacking(objectChecks, without('x-amz-checksum-sha256'));
  expect(verdict.goodEnough).toBe(false);
  expect(lacks).toEqual(['bytes that do not match their SHA-256 are refused']);
}, 60_000);
