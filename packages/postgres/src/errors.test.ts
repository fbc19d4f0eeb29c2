import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { classify, DatabaseUnavailable, DeadlineExceeded, Retryable, uniqueViolation } from './errors.ts';

const databaseError = (code: string, constraint?: string): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError('message', 0, 'error'), { code, constraint });

describe('classify', () => {
  test.each([
    ['40001', Retryable],
    ['40P01', Retryable],
    ['55P03', Retryable],
    ['57014', DeadlineExceeded],
    ['25P04', DeadlineExceeded],
  ])('SQLSTATE %s', (code, expected) => {
    const classified = classify(databaseError(code));
    expect(classified).toBeInstanceOf(expected);
    expect(classified).toMatchObject({ code: 'unavailable', retryable: true });
  });

  test.each([
    ['57P01', 'stopping'],
    ['57P03', 'stopping'],
    ['53300', 'exhausted'],
    ['53100', 'exhausted'],
    ['08006', 'lost'],
    ['25P03', 'lost'],
    ['25006', 'read-only'],
  ])('SQLSTATE %s means a database that is %s', (code, kind) => {
    const classified = classify(databaseError(code));
    expect(classified).toBeInstanceOf(DatabaseUnavailable);
    expect(classified).toMatchObject({ code: 'unavailable', retryable: true, kind });
  });

  test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED'])(
    'a server that fails with %s is no server',
    (code) => {
      const classified = classify(Object.assign(new Error('why'), { code }));
      expect(classified).toMatchObject({ kind: 'lost', cause: { message: 'why' } });
    },
  );

  test('a plan that a migration made stale is run again, other missing features are not', () => {
    const stale = Object.assign(databaseError('0A000'), { routine: 'RevalidateCachedQuery' });
    expect(classify(stale)).toBeInstanceOf(Retryable);
    const missing = databaseError('0A000');
    expect(classify(missing)).toBe(missing);
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOENT'])('system error %s, also as one of several addresses', (code) => {
    const error = Object.assign(new Error('connect'), { code });
    expect(classify(error)).toBeInstanceOf(DatabaseUnavailable);
    expect(classify(new AggregateError([error]))).toBeInstanceOf(DatabaseUnavailable);
  });

  test('tells whether a commit may have happened', () => {
    const lost = new Error('Connection terminated unexpectedly');
    expect(classify(lost)).toMatchObject({ outcomeUnknown: false });
    expect(classify(lost, true)).toMatchObject({ outcomeUnknown: true });
  });

  test('leaves everything else as it is, and never wraps twice', () => {
    for (const error of [
      databaseError('23505'),
      databaseError('42601'),
      new TypeError('x'),
      undefined,
      'text',
      new Retryable(new Error('x')),
    ]) {
      expect(classify(error)).toBe(error);
    }
  });

  test('shows nothing of the database to the caller', () => {
    expect((classify(new Error('Connection terminated by host 10.0.0.1')) as Error).message).not.toContain('10.0.0.1');
  });
});

test('uniqueViolation names the constraint, and only of a unique violation', () => {
  expect(uniqueViolation(databaseError('23505', 'entries_name'))).toBe('entries_name');
  expect(uniqueViolation(databaseError('23503', 'entries_parent'))).toBeUndefined();
  expect(uniqueViolation(new Error('23505'))).toBeUndefined();
});
