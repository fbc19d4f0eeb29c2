import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { expectOk, secretKind, type Secret } from '@driftbox/operator';
import { makeCertificate, temporaryFolder, testComponent, type Certificate, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { openMadePools, type MadePools } from './made-pools.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';

let world: MadePools;
let cluster: ClusterOfTest;
let folder: TemporaryFolder;
let certificate: Certificate;
/** TLS in front of the S3 server, by a certificate that nobody trusts without being told to. */
let front: tls.Server;

beforeAll(async () => {
  const { hostname, port } = new URL(testComponent('s3').endpoint);
  folder = await temporaryFolder();
  certificate = await makeCertificate(folder.path);
  front = tls.createServer({ cert: await readFile(certificate.cert), key: await readFile(certificate.key) }, (client) => {
    const server = net.connect(Number(port), hostname);
    client.on('error', () => server.destroy()).on('close', () => server.destroy());
    server.on('error', () => client.destroy());
    client.pipe(server).pipe(client);
  });
  front.on('tlsClientError', () => {});
  await once(front.listen(0, '127.0.0.1'), 'listening');
  world = await openMadePools();
  ({ cluster } = world);
  const { accessKey, secretKey } = testComponent('s3');
  await cluster.applySecret('s3', { accessKey, secretKey });
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  front.close();
}, 60_000);

const name = (): string => `tls-${cluster.namespace}`;

async function makePool(more: object): Promise<void> {
  const endpoint = `https://localhost:${(front.address() as AddressInfo).port}`;
  await cluster.apply(storagePoolKind, name(), { external: { endpoint, bucket: cluster.namespace, credentialsSecret: 's3', ...more } });
}
const said = (...wanted: readonly string[]): Promise<SayingObject> => waitUntilSaid(cluster, [storagePoolKind, name()], wanted, 60_000);

test('a pool behind a certificate that nobody trusts is reached once its authority is named, by operator and cell alike', async () => {
  await makePool({});
  expect(messageOf(await said('Ready=False/Failing', 'StorageReady=False/Unreachable'), 'StorageReady')).toMatch(/certificate/i);
  await makePool({ authoritySecret: 'theirs' });
  expect(messageOf(await said('Stalled=True/ReferenceMissing'), 'Stalled')).toContain('spec.external.authoritySecret: there is no Secret');
  const authority = await readFile(certificate.cert, 'utf8');
  await cluster.applySecret('theirs', { 'ca.crt': authority });
  await makePool({ authoritySecret: 'theirs', region: 'us-east-1' });
  await said('Ready=True/Succeeded', 'StorageReady=True/Qualified');

  const spec = { version: '0.1.0', profile: 'tiny', domain: `${name()}.example.com`, pools: [name()] };
  await cluster.apply(cellKind, name(), spec);
  await waitUntilSaid(cluster, [cellKind, name()], ['Ready=True/Succeeded'], 120_000);
  const place = { namespace: cellNamespace(name()), name: 'driftbox-authorities' };
  const { data } = expectOk(await cluster.api.get<Secret>(secretKind, place), 'reading its authorities');
  expect(
    Buffer.from(data?.['ca.crt'] ?? '', 'base64')
      .toString('utf8')
      .trim(),
  ).toBe(authority.trim());
}, 240_000);
