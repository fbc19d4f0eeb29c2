import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { freePort } from '@driftbox/testkit';

/** Redis pub/sub between two sockets. */
export type RedisPubSub = {
  /** Publishes a number and resolves when the subscriber's socket has it. */
  deliver(id: number): Promise<void>;
  close(): Promise<void>;
};

/** Debian's redis-server, or `undefined` where it is not installed. */
export async function findRedis(): Promise<string | undefined> {
  return promisify(execFile)('which', ['redis-server']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/** Starts a server that keeps nothing, on a free port of loopback, with a publisher and a subscriber. */
export async function startRedis(program: string): Promise<RedisPubSub> {
  const port = await freePort();
  const server = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const ended = once(server, 'exit');
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
      server.kill();
      await ended;
    },
  };
}

async function connected(port: number): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
