import { expect, test } from '@jest/globals';
import { readEvent } from './watch-event.ts';

const object = { metadata: { name: 'a', resourceVersion: '7' }, unknown: { stays: true } };

test('events of all types', () => {
  expect(readEvent(JSON.stringify({ type: 'MODIFIED', object }))).toEqual({ type: 'MODIFIED', object });
  expect(readEvent(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } }))).toEqual({
    type: 'BOOKMARK',
    resourceVersion: '9',
  });
  expect(readEvent(JSON.stringify({ type: 'ERROR', object: { code: 410, reason: 'Expired' } }))).toMatchObject({
    type: 'ERROR',
    refusal: { kind: 'gone' },
  });
});

test.each(['{', '7', 'null', '{"type":"ADDED"}', '{"type":"ADDED","object":{"metadata":{}}}', JSON.stringify({ type: 'RENAMED', object })])(
  '%s is no event',
  (line) => {
    expect(() => readEvent(line)).toThrow();
  },
);
