import { once } from 'node:events';
import http from 'node:http';
import type { ClientRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { httpTransport, waitingCalls } from './http-transport.ts';

const bytes = Buffer.alloc(3 << 20, 'what is sent');
const server = http.createServer((_asked, answer) => answer.end(bytes));
const read: Buffer[] = [];
const watch = (message: unknown): void => {
  const { request } = message as { readonly request: ClientRequest };
  request.once('socket', (socket) => socket.on('data', (some: Buffer) => read.push(some)));
};

beforeAll(async () => {
  subscribe('http.client.request.created', watch);
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  unsubscribe('http.client.request.created', watch);
  server.close();
});

test('what came over a socket is whole, and what the parser has copied is freed at once, on a socket that is used again too', async () => {
  const transport = httpTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { maxSockets: 1 });
  try {
    for (let round = 0; round < 3; round += 1) {
      const answer = await transport({ method: 'GET', path: '/', headers: {} });
      const pieces: Uint8Array[] = [];
      for await (const piece of answer.body) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
      await turn();
      const large = read.splice(0).filter((some) => some.length === 0 || some.length >= 16 << 10);
      expect(large.length).toBeGreaterThan(0);
      expect(large.filter((some) => some.length > 0)).toEqual([]);
    }
  } finally {
    transport.close();
  }
});

test('requests beyond its sockets wait, and are counted while they do', async () => {
  const transport = httpTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { maxSockets: 1 });
  try {
    const answers = Array.from({ length: 4 }, () => transport({ method: 'GET', path: '/', headers: {} }));
    expect(waitingCalls()).toBe(3);
    for (const answer of answers) for await (const piece of (await answer).body) void piece;
    expect(waitingCalls()).toBe(0);
  } finally {
    transport.close();
  }
});
