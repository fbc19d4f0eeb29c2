import { randomUUID } from 'node:crypto';
import { startFaultProxy, testComponent, waitFor } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { SharedValues } from './index.ts';

const { url } = testComponent('redis');

test('values are shared, end by themselves, and are not waited for while Redis is away', async () => {
  const { hostname, port } = new URL(url);
  await using proxy = await startFaultProxy({ host: hostname, port: Number(port) });
  const options = { prefix: `test:${randomUUID()}:`, lifeMs: 60_000, patienceMs: 5_000, restMs: 0 };
  const one = new SharedValues({ ...options, url });
  const other = new SharedValues({ ...options, url: `redis://${proxy.host}:${proxy.port}` });
  const brief = new SharedValues({ ...options, url, lifeMs: 20 });
  const has = async (values: SharedValues, key: string) => (await values.get(key)) !== undefined;
  try {
    await waitFor(async () => (one.put('a', Buffer.from('1')), has(other, 'a')));
    await waitFor(async () => (brief.put('b', Buffer.from('2')), has(one, 'b')));
    await waitFor(async () => !(await has(one, 'b')));
    proxy.set({ refused: true });
    proxy.cut();
    await waitFor(async () => !(await has(other, 'a')));
    other.put('a', Buffer.from('3'));
    proxy.set({});
    await waitFor(() => has(other, 'a'), { deadlineMs: 20_000 });
    expect(Buffer.from((await other.get('a'))!).toString()).toBe('1');
  } finally {
    for (const values of [one, other, brief]) values.close();
  }
});
