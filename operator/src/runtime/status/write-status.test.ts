import { expect, test } from '@jest/globals';
import { configMapKind as kind } from '../../testing/config-map.ts';
import type { Answer } from '../api/answer.ts';
import type { Api } from '../api/api.ts';
import type { KubeObject } from '../api/object.ts';
import { writeStatus, type WithStatus } from './write-status.ts';

const known: WithStatus<object> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'ns', name: 'a', uid: 'u', resourceVersion: '7', labels: { a: 'b' } },
  status: { count: 1, list: ['x'] },
};

function recording(answer: (object: KubeObject) => Answer<never>): Pick<Api, 'applyStatus'> & { readonly sent: unknown[] } {
  const sent: unknown[] = [];
  return { sent, applyStatus: async (_kind, object) => (sent.push(object), answer(object)) };
}
const accepted = (object: KubeObject): Answer<never> => ({ kind: 'ok', value: object as never });

test('the same status is not written, whatever the order of its fields', async () => {
  const api = recording(accepted);
  expect(await writeStatus(api, kind, known, { list: ['x'], count: 1, never: undefined }, { manager: 'm' })).toBe(false);
  expect(api.sent).toEqual([]);
});

test('another is written whole, for this very object as it was, and nothing else of what was read is sent back', async () => {
  const api = recording(accepted);
  expect(await writeStatus(api, kind, known, { count: 2 }, { manager: 'm' })).toBe(true);
  expect(api.sent).toEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name: 'a', uid: 'u', resourceVersion: '7' }, status: { count: 2 } },
  ]);
});

test('an object that is gone needs no status; any other refusal is an error', async () => {
  const refused = (refusal: 'notFound' | 'forbidden') => recording(() => ({ kind: refusal, code: 0, reason: refusal, message: '' }));
  expect(await writeStatus(refused('notFound'), kind, known, { count: 2 }, { manager: 'm' })).toBe(false);
  await expect(writeStatus(refused('forbidden'), kind, known, { count: 2 }, { manager: 'm' })).rejects.toThrow(
    'writing the status of ConfigMap a: forbidden',
  );
});
