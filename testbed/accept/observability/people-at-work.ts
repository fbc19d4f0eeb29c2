import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, httpTransport, noRetry, type Client } from '@driftbox/api-client';
import type { DriveId, EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { signUpByApi } from '../../src/api-user.ts';

/** People who write, read and look for news without a pause, and take failures as they come. */
export type PeopleAtWork = {
  /** Each gives up the file that they read again and again, and writes it anew. */
  writeAnew(): Promise<void>;
  stop(): Promise<void>;
};

/** Signs `count` people up and lets them work through the gateway at `address`, whose certificate this process trusts. */
export async function startPeople(address: string, count: number): Promise<PeopleAtWork> {
  const stopping = new AbortController();
  const transport = httpTransport(address, { idleTimeoutMs: 20_000 });
  const lanes: Promise<void>[] = [];
  const writers: (() => Promise<unknown>)[] = [];
  for (let index = 0; index < count; index += 1) {
    const user = await signUpByApi(address, `worker${index}`);
    const client = createClient({ transport, token: async () => user.accessToken, retry: noRetry, signal: stopping.signal });
    const { drive } = user.drive;
    const headers = { 'content-type': 'application/octet-stream' };
    const put = async (name: string): Promise<EntryId> => {
      const answer = await client.stream(routes.putFile, { params: { drive, path: name }, headers, body: [randomBytes(2_000)] });
      return routes.putFile.answer.parse(await answer.json()).entryId;
    };
    const round = [
      () => put(`file-${Math.floor(Math.random() * 20)}.bin`),
      () => client.call(routes.listChanges, { params: { drive } }),
      readerOf(client, drive, await put('kept.bin')),
    ];
    writers.push(() => put('kept.bin'));
    lanes.push(work(round, stopping.signal));
  }
  return {
    writeAnew: async () => void (await Promise.all(writers.map((write) => write()))),
    stop: async () => {
      stopping.abort(new Error('the day is over'));
      await Promise.all(lanes);
      transport.close();
    },
  };
}

async function work(round: readonly (() => Promise<unknown>)[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const act of round) {
      await act().catch(() => {});
      await delay(100, undefined, { signal }).catch(() => {});
    }
  }
}

function readerOf(client: Client, drive: DriveId, entryId: EntryId): () => Promise<void> {
  return async () => {
    const answer = await client.stream(routes.getContent, { params: { drive, entry: entryId } });
    for await (const piece of answer.body) void piece;
  };
}
