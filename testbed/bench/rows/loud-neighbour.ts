import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { routes } from '@driftbox/protocol';
import { signUpByApi } from '../../src/api-user.ts';
import { registerTenant } from '../../src/register-tenant.ts';
import { timeRequests } from '../../src/request-rate.ts';
import { hostOfTenant } from '../../src/target/host-of-tenant.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const loudConnections = 32;
const requests = 400;
const rounds = 5;
/** In a process of its own, or the quiet client would wait for the loud one within its own process. */
const loudClient = path.join(import.meta.dirname, '../baseline/loud-client.ts');

/** Row 20. On a standalone server nothing holds a tenant back; on a stack the gateway's rates do, which are raised for tenant A. */
export const loudNeighbour: Row = {
  row: 20,
  name: `p99 of one client of tenant B while ${loudConnections} connections of tenant A ask all they can, against B alone`,
  unit: 'ms',
  judged: 'ratio',
  better: 'lower',
  must: 3,
  aim: 1.3,
  measure: async (world) => {
    const administrator = await world.administrator();
    const host = hostOfTenant(administrator, 'neighbour');
    await registerTenant(administrator, host);
    const [loud, quiet] = [await asker(world.address, 'loud'), await asker(world.address, 'quiet', host)];
    const p99 = async () => (await timeRequests(quiet.url, quiet.headers, 1, requests)).p99Ms;
    const besideLoud = async (): Promise<number> => {
      const noise = spawn(
        process.execPath,
        ['--no-warnings', loudClient, loud.url, String(loudConnections), JSON.stringify(loud.headers)],
        {
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      );
      const ended = once(noise, 'exit') as Promise<[number | null]>;
      await Promise.race([once(noise.stdout, 'data'), ended]);
      const figure = await p99().finally(() => noise.stdin.end());
      const [code] = await ended;
      if (code !== 0) throw new Error(`the loud client ended with ${code}`);
      return figure;
    };
    return interleave(rounds, besideLoud, p99);
  },
};

async function asker(address: string, name: string, host?: string) {
  const user = await signUpByApi(address, name, host);
  const { drive } = user.drive;
  const { nextCursor } = await user.client.call(routes.listChanges, { params: { drive } });
  const headers = { authorization: `Bearer ${user.accessToken}`, ...(host === undefined ? {} : { host }) };
  return { url: `${address}/v1/drives/${drive}/changes?after=${nextCursor}`, headers };
}
