import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '@driftbox/protocol';
import { signUpByApi } from '../../src/api-user.ts';
import { timeRequests } from '../../src/request-rate.ts';
import { startScript } from '../../src/start-script.ts';
import { startWorld, type World } from '../../src/world.ts';
import { interleave } from '../interleave.ts';
import type { Row } from '../row.ts';

const connections = 64;
const requests = 6_000;
const rounds = 7;

/** Row 19: polls, the shortest requests there are and so those on which a span weighs most. */
export const tracingCost: Row = {
  row: 19,
  name: 'polls with tracing on (every span recorded, a tenth sent) and metrics read each second, against neither',
  unit: '1/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.85,
  aim: 0.96,
  measure: async (world) => {
    const plain = world.own();
    const collector = await startScript(path.join(import.meta.dirname, '../baseline/trace-sink.ts'));
    const traced = await startWorld({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      DRIFTBOX_INTERNAL_PORT: '0',
      DRIFTBOX_SIGN_UP: 'open',
    });
    const scraping = new AbortController();
    const scraped = scrape(`${traced.server().internal?.metadata ?? ''}/metrics`, scraping.signal);
    try {
      const [on, off] = [await pollOf(traced), await pollOf(plain)];
      // Neither may pay for being compiled.
      for (const poll of [on, off]) await poll();
      return await interleave(rounds, on, off);
    } finally {
      scraping.abort();
      await scraped;
      await traced.close();
      collector.close();
    }
  },
};

async function pollOf(world: World): Promise<() => Promise<number>> {
  const { address } = world.server();
  const user = await signUpByApi(address, 'poller');
  const { drive } = user.drive;
  const { nextCursor } = await user.client.call(routes.listChanges, { params: { drive } });
  const url = `${address}/v1/drives/${drive}/changes?after=${nextCursor}`;
  const headers = { authorization: `Bearer ${user.accessToken}` };
  return async () => (await timeRequests(url, headers, connections, requests)).perSecond;
}

async function scrape(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await (await fetch(url)).text();
    await delay(1_000, undefined, { signal }).catch(() => {});
  }
}
