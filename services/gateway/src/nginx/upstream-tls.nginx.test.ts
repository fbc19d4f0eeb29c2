import { readFile } from 'node:fs/promises';
import { hintsPath } from '@driftbox/protocol';
import { makeCertificate, temporaryFolder, type Certificate, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../testing/echo-server.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { send, type Answer } from '../testing/send.ts';
import { publicServices } from './input.ts';

let folder: TemporaryFolder;
let elsewhere: TemporaryFolder;
let files: Certificate;
let other: Certificate;
let gateway: TestGateway;
let replica: EchoServer;

const trusting = (authority: string, name: string) => ({
  upstreamTls: { authority, names: Object.fromEntries(publicServices.map((service) => [service, name])) },
});

beforeAll(async () => {
  [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
  files = await makeCertificate(folder.path, 'DNS:cell-metadata');
  other = await makeCertificate(elsewhere.path, 'DNS:cell-metadata');
  const shown = { cert: await readFile(files.cert, 'utf8'), key: await readFile(files.key, 'utf8') };
  replica = await startEchoServer('one', 0, shown);
  const all = Object.fromEntries(publicServices.map((service) => [service, [{ address: replica.address }]]));
  gateway = await startGateway({ input: { upstreams: all, ...trusting(files.cert, 'cell-metadata') } });
});
afterAll(async () => {
  await gateway?.close();
  await replica?.close();
  await folder?.remove();
  await elsewhere?.remove();
});

const ask = async (method = 'GET'): Promise<Answer> =>
  send(gateway.plain, '/v1/drives', {
    method,
    headers: { authorization: await gateway.cell.bearer() },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });

test('a service that proves its name is asked, also for sockets', async () => {
  for (const method of ['GET', 'POST', 'GET']) expect((await ask(method)).json).toMatchObject({ server: 'one', method });
  expect((await send(gateway.plain, hintsPath)).json).toMatchObject({ server: 'one', url: hintsPath });
});

test.each([
  ['of another name', () => trusting(files.cert, 'cell-auth'), 'does not match "cell-auth"'],
  ['of another authority', () => trusting(other.cert, 'cell-metadata'), 'upstream SSL certificate verify error'],
])('one that is %s is sent nothing, and the answer may be asked for again', async (_, changes, logged) => {
  await gateway.reload(changes());
  const seen = replica.seen.length;
  for (const method of ['GET', 'POST']) {
    const { status, json } = await ask(method);
    expect([status, json.code, json.retryable]).toEqual([503, 'unavailable', true]);
  }
  expect(replica.seen.length).toBe(seen);
  expect(await gateway.errorLog()).toContain(logged);
  await gateway.reload();
  expect((await ask()).status).toBe(200);
});

test('one that speaks no TLS is sent nothing either', async () => {
  const plain = await startEchoServer('plain');
  await gateway.reload({ upstreams: Object.fromEntries(publicServices.map((service) => [service, [{ address: plain.address }]])) });
  expect((await ask()).status).toBe(503);
  expect(plain.seen).toEqual([]);
  await plain.close();
  await gateway.reload();
});
