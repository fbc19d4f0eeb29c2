import { routes } from '@driftbox/protocol';
import { signUpByApi } from '../../src/api-user.ts';
import { serviceKeyOf } from '../../src/add-tenant.ts';
import { registerTenant } from '../../src/register-tenant.ts';
import { timeRequests } from '../../src/request-rate.ts';
import { startWorld } from '../../src/world.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const loudConnections = 32;
const requests = 400;
const rounds = 5;
const neighbour = 'neighbour.test';

/** Row 20. On one process without the gateway, whose rates hold a tenant back: what is left to the services alone. */
export const loudNeighbour: Row = {
  row: 20,
  name: `p99 of one client of tenant B while ${loudConnections} connections of tenant A ask all they can, against B alone`,
  unit: 'ms',
  judged: 'ratio',
  better: 'lower',
  must: 3,
  aim: 1.3,
  measure: async () => {
    const world = await startWorld({ DRIFTBOX_INTERNAL_PORT: '0', DRIFTBOX_SIGN_UP: 'open' });
    try {
      const { address } = world.server();
      const { internal } = world.server();
      if (internal === undefined) throw new Error('a world with internal ports has none');
      await registerTenant({ internal, serviceKey: await serviceKeyOf(world.dataFolder) }, neighbour);
      const [loud, quiet] = [await asker(address, 'loud'), await asker(address, 'quiet', neighbour)];
      const p99 = async () => (await timeRequests(quiet.url, quiet.headers, 1, requests)).p99Ms;
      const besideLoud = async (): Promise<number> => {
        let isOver = false;
        const noise = (async () => {
          while (!isOver) await timeRequests(loud.url, loud.headers, loudConnections, 2 * loudConnections);
        })();
        try {
          return await p99();
        } finally {
          isOver = true;
          await noise;
        }
      };
      return await interleave(rounds, besideLoud, p99);
    } finally {
      await world.close();
    }
  },
};

async function asker(address: string, name: string, host?: string) {
  const user = await signUpByApi(address, name, host);
  const { drive } = user.drive;
  const { nextCursor } = await user.client.call(routes.listChanges, { params: { drive } });
  const headers = { authorization: `Bearer ${user.accessToken}`, ...(host === undefined ? {} : { host }) };
  return { url: `${address}/v1/drives/${drive}/changes?after=${nextCursor}`, headers };
}
