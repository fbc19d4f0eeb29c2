import path from 'node:path';
import { routes } from '@driftbox/protocol';
import { signUpByApi } from '../../src/api-user.ts';
import { timeRequests } from '../../src/request-rate.ts';
import { startScript } from '../../src/start-script.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const connections = 64;
const requests = 10_000;
const rounds = 5;

/** Row 15. */
export const poll: Row = {
  row: 15,
  name: '"anything new?" polls, 64 connections',
  unit: '1/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.5,
  aim: 0.7,
  measure: async (world) => {
    const user = await signUpByApi(world.address, 'poller');
    const { nextCursor } = await user.client.call(routes.listChanges, { params: { drive: user.drive.drive } });
    const url = `${world.address}/v1/drives/${user.drive.drive}/changes?after=${nextCursor}`;
    const headers = { authorization: `Bearer ${user.accessToken}` };
    const bare = await startScript(path.join(import.meta.dirname, '../baseline/bare-koa.ts'));
    const rate = async (target: string) => (await timeRequests(target, headers, connections, requests)).perSecond;
    try {
      return await interleave(
        rounds,
        () => rate(url),
        () => rate(bare.address),
      );
    } finally {
      bare.close();
    }
  },
};
