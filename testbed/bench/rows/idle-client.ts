import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { connectHints, type Hints } from '@driftbox/api-client';
import { waitFor } from '@driftbox/testkit';
import { putFiles, signUpByApi } from '../../src/api-user.ts';
import { openStatementLog } from '../../src/statement-log.ts';
import { startWireMeter } from '../../src/wire-meter.ts';
import type { Row } from '../row.ts';

/** How long the server is watched without a client, to know what it asks by itself. */
const aloneMs = 60_000;

/** What the server asks by itself every ten minutes, whether anybody is there or not. */
const chores = /^\w+\.(sweep-|drop-|list-tenants|list-expired-|lock-tenant-holding|return-allowances)/;

/** Row 10. */
export const idleClient: Row = {
  row: 10,
  name: 'idle client: bytes per minute, both directions',
  unit: 'B',
  judged: 'value',
  better: 'lower',
  must: 2_000,
  aim: 300,
  measure: async (bench, { minutes }) => {
    const world = bench.own();
    const { address } = world.server();
    const user = await signUpByApi(address, 'idle');
    const meter = await startWireMeter(address);
    const log = await openStatementLog(world.dataFolder);
    let told = 0;
    let hints: Hints | undefined;
    try {
      await log.take();
      await delay(aloneMs);
      const alone = await log.take();
      hints = connectHints({
        address: meter.address,
        token: async () => user.accessToken,
        onHint: () => void (told += 1),
        onDrivesChanged: () => {},
      });
      await waitFor(() => hints?.state === 'socket' && told === 1);
      assert((await log.take()).has('metadata.list-access'), 'the log misses what a client costs when it comes');
      meter.reset();
      await delay(minutes * 60_000);
      const { upBytes, downBytes } = meter.count();
      const its = [...(await log.take())].filter(([name]) => !alone.has(name) && !chores.test(name));
      // It was there all the time, and is told of the next commit.
      await putFiles(user, [{ name: 'after', bytes: Buffer.from('x') }]);
      await waitFor(() => told === 2);
      const value = (upBytes + downBytes) / minutes;
      const queries = its.length === 0 ? '0' : its.map(([name, count]) => `${count} ${name}`).join(', ');
      return { value, min: value, max: value, note: `over ${minutes} min; database queries: ${queries} (must 1, aim 0)` };
    } finally {
      await hints?.close();
      await log.close();
      await meter.close();
    }
  },
};
