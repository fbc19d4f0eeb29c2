import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { freePort, startFaultProxy, testComponent, waitFor } from '@driftbox/testkit';
import { describe, expect, test } from '@jest/globals';
import { connectRedis, SharedValues, tryRedis } from './index.ts';

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

describe('by TLS', () => {
  const { secure } = testComponent('redis');
  const { username, password, authority, key } = secure;
  const trust = { ca: [authority], cert: authority, key };
  const as = (name: string, secret: string, host = 'localhost'): string => `rediss://${name}:${secret}@${host}:${new URL(secure.url).port}`;

  test('values are kept by who has a name and a certificate, at a server that proves its own', async () => {
    const values = new SharedValues({
      url: as(username, password),
      trust,
      prefix: `test:${randomUUID()}:`,
      lifeMs: 60_000,
      patienceMs: 5_000,
    });
    try {
      await waitFor(async () => (values.put('a', Buffer.from('1')), (await values.get('a')) !== undefined));
    } finally {
      values.close();
    }
    await tryRedis(as(username, password), { trust });
    await tryRedis(url);
  });

  test('whoever is not let in hears why', async () => {
    await expect(tryRedis(as(username, 'wrong'), { trust })).rejects.toThrow(/^WRONGPASS/);
    await expect(tryRedis(as(username, password), { trust: { cert: authority, key } })).rejects.toThrow('self-signed certificate');
    await expect(tryRedis(as(username, password, '127.0.0.1'), { trust })).rejects.toThrow("does not match certificate's altnames");
    await expect(tryRedis(as(username, password), { trust: { ca: [authority] } })).rejects.toMatchObject({
      code: expect.stringMatching(/ALERT_CERTIFICATE_REQUIRED$/),
    });
    await expect(tryRedis(`rediss://localhost:${new URL(url).port}`, { trust, commandTimeoutMs: 300 })).rejects.toThrow('ETIMEDOUT');
    await expect(tryRedis(`redis://127.0.0.1:${await freePort()}`)).rejects.toThrow('ECONNREFUSED');
  });

  test('what is said of a wrong password does not have it', async () => {
    const heard = Promise.withResolvers<unknown>();
    const redis = connectRedis(as(username, 'wrong'), heard.resolve, { trust });
    const tried = tryRedis(as(username, 'wrong'), { trust }).catch((error: unknown) => error);
    for (const error of [await heard.promise, await tried]) {
      expect(inspect(error)).toContain('WRONGPASS');
      expect(inspect(error)).not.toContain("'wrong'");
    }
    redis.disconnect();
  });
});
