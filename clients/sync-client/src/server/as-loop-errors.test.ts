import { FrameError, Problem, type ErrorCode } from '@driftbox/protocol';
import { expect, it } from '@jest/globals';
import { CursorExpired, Held, Offline } from '../ports/server.ts';
import { asLoopErrors } from './as-loop-errors.ts';

const socketError = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const diskError = Object.assign(new Error('no such file'), { code: 'EPIPE', path: '/a' });

it.each<ErrorCode>(['unavailable', 'rate_limited', 'internal', 'tenant_suspended'])('waits out %s', async (code) => {
  await expect(asLoopErrors(() => Promise.reject(new Problem(code)))).rejects.toThrow(Offline);
});

it.each<[string, Error, new (...args: never[]) => Error]>([
  ['an expired cursor', new Problem('cursor_expired'), CursorExpired],
  ['the brake', new Problem('locked', 'Held', { details: { reason: 'brake' } }), Held],
  ['a broken frame', new FrameError('truncated', 'cut short'), Offline],
  ['a broken connection', socketError, Offline],
])('says %s in the words of the loop', async (_what, error, kind) => {
  await expect(asLoopErrors(() => Promise.reject(error))).rejects.toThrow(kind);
});

it.each<[string, Error]>([
  ['an answer', new Problem('revision_conflict')],
  ['another lock', new Problem('locked')],
  ['an error of the disk', diskError],
])('lets %s through', async (_what, error) => {
  await expect(asLoopErrors(() => Promise.reject(error))).rejects.toBe(error);
});

it('hands on what work gives', async () => {
  await expect(asLoopErrors(() => Promise.resolve(7))).resolves.toBe(7);
});
