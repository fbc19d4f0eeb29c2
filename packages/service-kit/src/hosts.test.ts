import { Problem } from '@driftbox/protocol';
import { manualClock, waitFor } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { followHosts } from './hosts.ts';
import { acme, other } from './testing/world.ts';

test('hosts are asked for once, asked for again after 5 s, and go on being known while auth is away', async () => {
  const clock = manualClock();
  const asked: string[] = [];
  let away = false;
  let owner = acme;
  const tenantOfHost = followHosts(
    async (host) => {
      asked.push(host);
      if (away) throw new Problem('unavailable');
      return host === 'acme.test' ? { tenantId: owner } : {};
    },
    { nowMs: () => clock.now() },
  );
  expect([await tenantOfHost('acme.test'), await tenantOfHost('nobody.test'), await tenantOfHost('acme.test')]).toEqual([
    acme,
    undefined,
    acme,
  ]);
  expect(asked).toEqual(['acme.test', 'nobody.test']);
  away = true;
  clock.advance(3_600_000);
  expect(await tenantOfHost('acme.test')).toBe(acme);
  await expect(tenantOfHost('new.test')).rejects.toMatchObject({ code: 'unavailable' });
  away = false;
  owner = other;
  clock.advance(6_000);
  await waitFor(async () => (await tenantOfHost('acme.test')) === other);
});

test('a name that can be no host is nobody\u2019s, and auth is not asked for it', async () => {
  const tenantOfHost = followHosts(() => Promise.reject(new Error('asked')));
  expect(await tenantOfHost('x'.repeat(254))).toBeUndefined();
});
