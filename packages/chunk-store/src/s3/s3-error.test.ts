import { expect, test } from '@jest/globals';
import { StoreError } from '../store-error.ts';
import { fromS3Error } from './s3-error.ts';

const named = (code: string): Error => Object.assign(new Error('why'), { code });

test.each([
  ['NoSuchKey', 'not_found', false],
  ['NotFound', 'not_found', false],
  ['XMinioStorageFull', 'full', false],
  ['AccessDenied', 'unavailable', false],
  ['NoSuchBucket', 'unavailable', false],
  ['SlowDown', 'unavailable', true],
  ['BadDigest', 'unavailable', true],
  ['ECONNRESET', 'unavailable', true],
] as const)('%s is %s, transient: %s', (code, kind, transient) => {
  const error = fromS3Error(named(code), 'read pack x');
  expect(error).toMatchObject({ kind, transient, message: `read pack x: ${code}: why` });
});

test('what has no code is transient, and what is a StoreError stays', () => {
  expect(fromS3Error(new Error('strange'), 'x')).toMatchObject({ kind: 'unavailable', transient: true });
  const own = new StoreError('corrupt', 'mine');
  expect(fromS3Error(own, 'x')).toBe(own);
});
