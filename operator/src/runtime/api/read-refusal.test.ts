import { expect, test } from '@jest/globals';
import { ApiRefused, expectOk } from './answer.ts';
import { readRefusal, readStatus } from './read-refusal.ts';

const status = (code: number, reason: string, more: object = {}): string =>
  JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message: `why ${reason}`, ...more });

test.each([
  [400, 'BadRequest', 'badRequest'],
  [401, 'Unauthorized', 'unauthorized'],
  [403, 'Forbidden', 'forbidden'],
  [404, 'NotFound', 'notFound'],
  [409, 'AlreadyExists', 'alreadyExists'],
  [409, 'Conflict', 'conflict'],
  [410, 'Expired', 'gone'],
  [415, 'UnsupportedMediaType', 'badRequest'],
  [422, 'Invalid', 'invalid'],
  [429, 'TooManyRequests', 'tooManyRequests'],
  [500, 'InternalError', 'failed'],
  [504, 'Timeout', 'failed'],
])('%i %s is %s', (code, reason, kind) => {
  expect(readRefusal(code, status(code, reason))).toEqual({ kind, code, reason, message: `why ${reason}`, retryAfterMs: undefined });
});

test('a body that is no Status is quoted, not believed', () => {
  expect(readRefusal(502, '<html>Bad Gateway</html>')).toMatchObject({ kind: 'failed', message: '<html>Bad Gateway</html>', reason: '' });
  expect(readRefusal(503, 'null')).toMatchObject({ kind: 'failed', reason: '' });
  expect(readRefusal(500, '{"reason":7,"details":null}')).toMatchObject({ reason: '', retryAfterMs: undefined });
});

test('Retry-After comes as seconds, as a date, or within the Status; never for longer than five minutes', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  const after = (header: string): number | undefined => readRefusal(429, '', header, nowMs).retryAfterMs;
  expect(after('3')).toBe(3_000);
  expect(after('Thu, 01 Jan 2026 00:00:10 GMT')).toBe(10_000);
  expect(after('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0);
  expect(after('soon')).toBeUndefined();
  expect(after('86400')).toBe(300_000);
  expect(readRefusal(500, status(500, 'ServerTimeout', { details: { retryAfterSeconds: 2 } })).retryAfterMs).toBe(2_000);
});

test('a Status within a watch is read the same way', () => {
  expect(readStatus({ code: 410, reason: 'Expired', message: 'too old' })).toMatchObject({ kind: 'gone', message: 'too old' });
  expect(readStatus(undefined)).toMatchObject({ kind: 'failed', code: 500 });
});

test('a refusal nobody has a use for is thrown with what was being done', () => {
  const refusal = readRefusal(403, status(403, 'Forbidden'));
  expect(expectOk({ kind: 'ok', value: 1 }, 'reading')).toBe(1);
  expect(() => expectOk(refusal, 'reading a Secret')).toThrow(new ApiRefused(refusal, 'reading a Secret'));
  expect(() => expectOk(refusal, 'reading a Secret')).toThrow('reading a Secret: why Forbidden');
});
