import { execFile } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { generateDataKey, openFileKeyManager, type KeyManager } from '@driftbox/chunk-store';
import { parseTenantId } from '@driftbox/domain';
import { expectOk, secretKind, type KubeObject, type Secret, type Tenant } from '@driftbox/operator';
import { cellKind, cellNamespace, storagePoolKind, tenantKind } from '@driftbox/resources';
import { newId, temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { putFiles } from '../src/api-user.ts';
import { rawRequest } from '../src/raw-request.ts';
import { createCli, type Cli } from '../src/run-cli.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { openMadeWorld, type MadeWorld } from './made-world.ts';
import { waitUntilSaid } from './said-of.ts';
import { invitationOf, signIn, signUp } from './tenant-of-test.ts';

const run = promisify(execFile);

let world: MadeWorld;
let cluster: ClusterOfTest;
let folder: TemporaryFolder;
let cli: Cli;
beforeAll(async () => {
  world = await openMadeWorld();
  ({ cluster } = world);
  folder = await temporaryFolder();
  const { kubeconfig, kubectl: program } = testComponent('k8s');
  // kubectl keeps what it discovered in its home.
  const env = { HOME: folder.path, KUBECONFIG: kubeconfig, PATH: `${path.dirname(program)}:${process.env['PATH'] ?? ''}` };
  cli = createCli(path.join(folder.path, 'config'), env);
  await writeFile(at('passphrase'), 'correct horse battery\n', { mode: 0o600 });
}, 120_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
}, 60_000);

const at = (name: string): string => path.join(folder.path, name);
const full = (name: string): string => `${name}-${cluster.namespace}`;
const host = (): string => `${full('acme')}.${world.cell.domain}`;

async function kubectl(...args: readonly string[]): Promise<string> {
  const { kubeconfig, kubectl: program } = testComponent('k8s');
  return (await run(program, [`--kubeconfig=${kubeconfig}`, ...args])).stdout;
}

async function applyAll(tenant: object = {}): Promise<Tenant> {
  await cluster.apply(storagePoolKind, world.pool, world.poolSpec);
  await cluster.apply(cellKind, world.cell.name, { version: '0.1.0', profile: 'tiny', domain: world.cell.domain, pools: [world.pool] });
  await cluster.apply(tenantKind, full('acme'), {
    hosts: [host()],
    isolation: { shared: { cell: world.cell.name } },
    firstAdministrator: {},
    ...tenant,
  });
  for (const [kind, name] of [
    [storagePoolKind, world.pool],
    [cellKind, world.cell.name],
  ] as const)
    await waitUntilSaid(cluster, [kind, name], ['Ready=True/Succeeded'], 120_000);
  return (await waitUntilSaid(cluster, [tenantKind, full('acme')], ['Ready=True/Succeeded'], 120_000)) as Tenant;
}

/** What pods of the cell are given, of each of its Secrets that decides what they can read. */
async function givenToPods(): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const names = ['driftbox-keys', 'driftbox-cell', 'driftbox-databases', 'driftbox-s3'];
  const read = names.map(async (name) => {
    const place = { namespace: cellNamespace(world.cell.name), name };
    const { data = {} } = expectOk(await cluster.api.get<Secret>(secretKind, place), `reading ${name}`);
    return [name, Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]))];
  });
  return Object.fromEntries(await Promise.all(read)) as Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The key manager of a pod of the cell, with its keys as they are mounted now. */
async function keyManagerOfPods(name: string): Promise<KeyManager> {
  await writeFile(at(name), (await givenToPods())['driftbox-keys']?.['keys.json'] ?? '', { mode: 0o600 });
  return openFileKeyManager(at(name), { mayCreate: async () => false });
}

/** The cluster is lost: of all that the operator and its administrator made nothing is there, and nobody was asked. */
async function loseCluster(): Promise<void> {
  await world.stopOperator();
  for (const kind of ['tenants', 'cells', 'storagepools']) {
    const names = await kubectl('get', `${kind}.driftbox.io`, '--selector', cluster.only, '--output', 'name');
    for (const name of names.split('\n').filter((one) => one !== '')) {
      await kubectl('patch', name, '--type', 'merge', '--patch', '{"metadata":{"finalizers":null}}');
      await kubectl('delete', name);
    }
  }
  await kubectl('delete', 'namespace', cellNamespace(world.cell.name), '--wait=false');
  await kubectl('delete', 'secrets,configmaps,leases', '--all', '--namespace', cluster.namespace);
  const left = async (): Promise<readonly KubeObject[]> =>
    expectOk(await cluster.api.list<KubeObject>(secretKind, { namespace: cluster.namespace }), 'listing Secrets').items;
  await waitFor(async () => (await left()).length === 0, { deadlineMs: 20_000, what: 'the end of every Secret' });
}

/** The file with the keys of the server that stands for the cell's pods. */
const keyFile = (): string => path.join(world.cell.server.dataFolder, 'keys/key-encryption-keys.json');

/** The server loses its keys, and starts again with those that pods of the cell get now. */
async function restartOnKeysOfPods(): Promise<void> {
  const { server } = world.cell;
  await server.process().stop();
  await rm(keyFile());
  await writeFile(keyFile(), (await givenToPods())['driftbox-keys']?.['keys.json'] ?? '', { mode: 0o600 });
  await server.restart();
}

const exportKeys = (file: string) => {
  const own = ['--namespace', cluster.namespace, '--selector', cluster.only];
  return cli.run('admin', 'export-keys', at(file), '--passphrase-file', at('passphrase'), ...own);
};
const importKeys = (...more: readonly string[]) =>
  cli.run('admin', 'import-keys', at('keys'), '--passphrase-file', at('passphrase'), '--namespace', cluster.namespace, ...more);

test('keys that were exported are restored into an empty cluster: the cell and its tenant have all that they had', async () => {
  // The operator makes none where there are some: what the tenant stores is encrypted under the keys of the cell.
  await cluster.applySecret(`cell-${world.cell.name}-keys`, { 'keys.json': await readFile(keyFile(), 'utf8') });
  const tenantId = (await applyAll()).status?.tenantId ?? '';
  const ada = await signUp(world.cell, host(), await invitationOf(cluster, full('acme')));
  await putFiles(ada, [{ name: 'a.txt', bytes: Buffer.from('kept') }]);
  const before = await givenToPods();
  const key = generateDataKey(newId(parseTenantId), 1);
  const wrapped = await (await keyManagerOfPods('before')).wrap(key);

  const exported = await exportKeys('keys');
  expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining(`Secret cell-${world.cell.name}-keys`) });
  expect((await stat(at('keys'))).mode & 0o777).toBe(0o600);
  expect(await exportKeys('keys')).toMatchObject({ code: 1, stderr: expect.stringContaining('EEXIST') });

  await loseCluster();
  expect(await importKeys('--dry-run')).toMatchObject({ code: 0, stdout: expect.stringContaining('would make Secret') });
  expect(await importKeys()).toMatchObject({ code: 0, stdout: expect.stringContaining(`made ConfigMap tenant-${tenantId}`) });
  expect(await importKeys()).toMatchObject({ code: 0, stdout: expect.not.stringContaining('made') });
  const { accessKey, secretKey } = testComponent('s3');
  await cluster.applySecret('s3', { accessKey, secretKey });
  world.startAgain();
  const restored = await applyAll({ adopt: tenantId });

  expect(restored.status?.tenantId).toBe(tenantId);
  expect(await givenToPods()).toEqual(before);
  expect((await (await keyManagerOfPods('after')).unwrap(key, wrapped)).secret.equals(key.secret)).toBe(true);
  await restartOnKeysOfPods();
  const { client, drive, accessToken: token } = await signIn(world.cell, host());
  const { entryId } = await client.call(routes.resolvePath, { params: { drive: drive.drive }, query: { path: 'a.txt' } });
  const content = { path: `/v1/drives/${drive.drive}/entries/${entryId}/content`, token, headers: { host: host() } };
  expect(await rawRequest(world.cell.address, content)).toMatchObject({ status: 200, body: Buffer.from('kept') });

  // A cell that was made before the import has keys of its own, under which something may be encrypted by now.
  await kubectl('delete', 'secret', `cell-${world.cell.name}-keys`, '--namespace', cluster.namespace);
  await cluster.applySecret(`cell-${world.cell.name}-keys`, { 'keys.json': 'others' });
  expect(await importKeys()).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was changed') });
}, 300_000);
