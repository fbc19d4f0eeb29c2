import { describe, expect, test } from '@jest/globals';
import { StoreError, fromSystemError } from './store-error.ts';

const system = (code: string) => Object.assign(new Error(code), { code });

describe('a store error', () => {
  test('of the store itself is worth another try, one of the bytes is not', () => {
    const transient = (['not_found', 'corrupt', 'unavailable', 'full'] as const).filter((kind) => new StoreError(kind, 'x').transient);
    expect(transient).toEqual(['unavailable']);
  });

  test.each([
    ['ENOENT', 'not_found', false],
    ['ENOSPC', 'full', false],
    ['EDQUOT', 'full', false],
    ['EFBIG', 'full', false],
    ['EIO', 'unavailable', true],
    ['EMFILE', 'unavailable', true],
    ['EAGAIN', 'unavailable', true],
    ['EROFS', 'unavailable', false],
    ['EACCES', 'unavailable', false],
    ['ENOTDIR', 'unavailable', false],
  ])('%s is %s', (code, kind, transient) => {
    const cause = system(code);
    const error = fromSystemError(cause, 'read pack 1');
    expect(error).toMatchObject({ name: 'StoreError', kind, transient, cause });
    expect(error.message).toBe(`read pack 1: ${code}`);
  });

  test('stays what it is, and whatever else is thrown becomes one', () => {
    const known = new StoreError('corrupt', 'x');
    expect(fromSystemError(known, 'y')).toBe(known);
    expect(fromSystemError('text', 'y')).toMatchObject({ kind: 'unavailable', message: 'y: unknown' });
    expect(fromSystemError(undefined, 'y')).toMatchObject({ kind: 'unavailable' });
  });
});
