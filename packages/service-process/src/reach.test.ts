import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { httpTransport } from '@driftbox/api-client';
import { makeCertificate, temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';

test.each(['localhost', '127.0.0.1'])('a part of the cell is known by its address, %s, whichever host it is asked for', async (host) => {
  await using folder = await temporaryFolder();
  const files = await makeCertificate(folder.path, 'DNS:localhost,IP:127.0.0.1');
  const [cert, key] = [await readFile(files.cert, 'utf8'), await readFile(files.key, 'utf8')];
  const server = https.createServer({ cert, key }, (_request, answer) => answer.end()).listen(0, host);
  await once(server, 'listening');
  const transport = httpTransport(`https://${host}:${(server.address() as AddressInfo).port}`, { authority: cert });
  const answer = await transport({ method: 'GET', path: '/', headers: { host: 'acme.example.com' } });
  expect(answer.status).toBe(200);
  transport.close();
  server.close();
});
