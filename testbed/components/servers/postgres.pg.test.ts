import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { chmod } from 'node:fs/promises';
import pg from 'pg';
import { startPostgres } from './postgres.ts';

test('what is acknowledged is on the standby, which takes over when the primary is killed', async () => {
  await using folder = await temporaryFolder();
  await chmod(folder.path, 0o711);
  const postgres = await startPostgres(`${folder.path}/cluster`);
  try {
    const [primary, standby] = [postgres.primary, postgres.standby].map(({ connection }) => new pg.Client(connection));
    if (primary === undefined || standby === undefined) throw new Error('there are two');
    for (const client of [primary, standby]) await client.on('error', () => {}).connect();
    await primary.query('CREATE TABLE public.kept (n int PRIMARY KEY)');
    for (let n = 0; n < 50; n += 1) {
      await primary.query('INSERT INTO public.kept VALUES ($1)', [n]);
      expect((await standby.query('SELECT 1 FROM public.kept WHERE n = $1', [n])).rowCount).toBe(1);
    }
    await expect(standby.query('INSERT INTO public.kept VALUES (99)')).rejects.toThrow('read-only');
    process.kill(postgres.primary.pid, 'SIGKILL');
    await postgres.primary.ended;
    await postgres.promote();
    await standby.query('INSERT INTO public.kept VALUES (99)');
    expect((await standby.query('SELECT count(*)::int AS n FROM public.kept')).rows).toEqual([{ n: 51 }]);
    await Promise.all([primary, standby].map((client) => client.end()));
  } finally {
    await postgres.stop();
  }
});
