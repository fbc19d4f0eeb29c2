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
    ['57P01', DatabaseUnavailable],
    ['53300', DatabaseUnavailable],
    ['53100', DatabaseUnavailable],
    ['08006', DatabaseUnavailable],
    ['25006', DatabaseUnavailable],
  ])('SQLSTATE %s', (code, expected) => {
    const classified = classify(databaseError(code));
    expect(classified).toBeInstanceOf(expected);
    expect(classified).toMatchObject({ code: 'unavailable', retryable: true });
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
