import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { takeShared } from '@driftbox/threads';
import { sendStream } from './send-stream.ts';

const server = http.createServer();
afterEach(async () => {
  server.removeAllListeners('request').closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Answers one request with these pieces; `ended` resolves when the source was ended, with what sending threw. */
async function serve(pieces: AsyncGenerator<Uint8Array>) {
  const ended = new Promise<unknown>((resolve) => {
    server.once('request', (_, res) => {
      sendStream(res, pieces).then(resolve, (error: unknown) => {
        res.destroy();
        resolve(error);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ended };
}

test('memory that is used again never changes what was sent, however slow the client', async () => {
  const sizes = [3, 2 << 20, 5 << 20, 70_000, (5 << 20) - 9, (2 << 20) + 7];
  const contents = sizes.map((size) => Buffer.alloc(size, randomBytes(997)));
  const used = new Set<unknown>();
  async function* pieces() {
    for (const content of contents) {
      const piece = takeShared(content.length);
      piece.set(content);
      used.add(piece.buffer);
      yield piece;
    }
  }
  const { address } = await serve(pieces());
  const [answer] = (await once(http.get(address), 'response')) as [http.IncomingMessage];
  const got: Buffer[] = [];
  for await (const part of answer) {
    got.push(part as Buffer);
    await new Promise(setImmediate);
  }
  expect(Buffer.concat(got).equals(Buffer.concat(contents))).toBe(true);
  // Six pieces, four of them large: at least one lay where another had been.
  expect(used.size).toBeLessThan(sizes.length);
});

test('a client that leaves ends the source, also in the middle of a piece', async () => {
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield takeShared(4 << 20);
    } finally {
      closed = true;
    }
  }
  const { address, ended } = await serve(endless());
  const [answer] = (await once(http.get(address), 'response')) as [http.IncomingMessage];
  answer.destroy();
  await ended;
  expect(closed).toBe(true);
});

test('a source that fails cuts the answer off', async () => {
  async function* broken() {
    yield takeShared(4 << 20);
    throw new RangeError('broken');
  }
  const { address, ended } = await serve(broken());
  const [answer] = (await once(http.get(address), 'response')) as [http.IncomingMessage];
  await expect(once(answer.resume(), 'end')).rejects.toThrow('aborted');
  expect(await ended).toBeInstanceOf(RangeError);
});
