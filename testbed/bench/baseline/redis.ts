import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { isInstalled } from '../../components/install/cache.ts';
import { redisProgram } from '../../components/programs.ts';
import { startRedis } from '../../components/servers/redis.ts';

/** Redis pub/sub between two sockets. */
export type RedisPubSub = {
  /** Publishes a number and resolves when the subscriber's socket has it. */
  deliver(id: number): Promise<void>;
  close(): Promise<void>;
};

/** True where the component is installed. */
export function hasRedis(): boolean {
  return isInstalled(redisProgram);
}

/** Why a row is skipped where Redis is missing. */
export const noRedis = { skipped: 'Redis is not installed (npm run components -- install redis)' };

/** Starts a server that keeps nothing, with a publisher and a subscriber. */
export async function startPubSub(folder: string): Promise<RedisPubSub> {
  await mkdir(folder, { recursive: true });
  const server = await startRedis(folder);
  const port = Number(new URL(server.addresses['url']!).port);
  const [publisher, subscriber] = [await connected(port), await connected(port)];
  const waiting = new Map<number, () => void>();
  let rest = '';
  subscriber.setEncoding('latin1').on('data', (piece: string) => {
    rest += piece;
    for (const [, id] of rest.matchAll(/message\r\n\$5\r\nhints\r\n\$\d+\r\n(\d+)\r\n/g)) waiting.get(Number(id))?.();
    rest = rest.slice(rest.lastIndexOf('\r\n*') + 1);
  });
  publisher.resume();
  subscriber.write('SUBSCRIBE hints\r\n');
  await once(subscriber, 'data');
  return {
    deliver: (id) =>
      new Promise((resolve) => {
        waiting.set(id, () => {
          waiting.delete(id);
          resolve();
        });
        publisher.write(`PUBLISH hints ${id}\r\n`);
      }),
    close: async () => {
      publisher.destroy();
      subscriber.destroy();
      await server.stop();
    },
  };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}
