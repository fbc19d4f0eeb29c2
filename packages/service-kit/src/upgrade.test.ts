import http from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { reply } from './reply.ts';
import { handle } from './route-request.ts';
import type { Service, UpgradeListener } from './service.ts';
import { createWorld, hello } from './testing/world.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});

/** The status and, of an upgrade, the first bytes that a service answers. */
async function ask(protocol: string, upgrade: UpgradeListener | undefined): Promise<[number, string]> {
  const { service } = createWorld([handle(hello, () => reply({ body: Buffer.from('hello') }))], { upgrade });
  services.push(service);
  const { port } = await service.listen({ host: '127.0.0.1', port: 0 });
  return new Promise((resolve, reject) => {
    const headers = { host: 'acme.test', connection: 'Upgrade', upgrade: protocol };
    http
      .get({ port, host: '127.0.0.1', path: '/v1/hello', headers, agent: false })
      .on('upgrade', ({ statusCode }, socket, head) => {
        socket.destroy();
        resolve([statusCode!, head.toString()]);
      })
      .on('response', (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => (text += piece.toString())).on('end', () => resolve([answer.statusCode!, text]));
      })
      .on('error', reject);
  });
}

const welcome: UpgradeListener = (_request, socket) => {
  socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nwelcome');
};

test('a websocket is handed to who takes it', async () => {
  expect(await ask('WebSocket', welcome)).toEqual([101, 'welcome']);
});

test.each([
  ['where nobody takes it', 'websocket', undefined],
  ['to another protocol', 'h2c', welcome],
])('an upgrade %s is an ordinary request', async (_, protocol, upgrade) => {
  expect(await ask(protocol, upgrade)).toEqual([200, 'hello']);
});
