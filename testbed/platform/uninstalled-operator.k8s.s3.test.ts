import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { configMapKind, expectOk, secretKind, type KubeObject, type ResourceKind } from '@driftbox/operator';
import { cellKind, cellNamespace, hostClaimName, kinds, quotaKind, storagePoolKind, tenantKind } from '@driftbox/resources';
import { temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chartFolder, releasedChart } from '../charts/render-chart.ts';
import { putFiles } from '../src/api-user.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { openMadeWorld, type MadeWorld } from './made-world.ts';
import { waitUntilSaid, type Named } from './said-of.ts';
import { deploymentKind } from './scripted-node.ts';
import { invitationOf, signIn, signUp } from './tenant-of-test.ts';

const run = promisify(execFile);
const roleKind: ResourceKind = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
};
const definitionKind: ResourceKind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

let world: MadeWorld;
let cluster: ClusterOfTest;
let folder: TemporaryFolder;
beforeAll(async () => {
  world = await openMadeWorld();
  ({ cluster } = world);
  folder = await temporaryFolder();
}, 120_000);
afterAll(async () => {
  await helm('uninstall', release(), '--ignore-not-found');
  await world[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
}, 60_000);

const full = (name: string): string => `${name}-${cluster.namespace}`;
const release = (): string => full('operator');
const hostOf = (name: string): string => `${full(name)}.${world.cell.domain}`;

async function helm(...args: readonly string[]): Promise<void> {
  const { kubeconfig } = testComponent('k8s');
  const homes = Object.fromEntries(['CACHE', 'CONFIG', 'DATA'].map((what) => [`HELM_${what}_HOME`, folder.path]));
  const env = { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, ...homes };
  await run(testComponent('helm').command, [...args, '--namespace', cluster.namespace], { env });
}

/** Installs the operator's chart, or upgrades to it. Its definitions are there already, for other tests too. */
async function install(
  verb: 'install' | 'upgrade' = 'install',
  chart = chartFolder('driftbox-operator'),
  given: object = {},
): Promise<void> {
  const values = path.join(folder.path, 'values.json');
  await writeFile(values, JSON.stringify({ images: { operator: { digest: `sha256:${'a'.repeat(64)}` } }, ...given }));
  await helm(verb, release(), chart, '--values', values, '--take-ownership', '--force-conflicts');
}

/** Kinds and names of what an administrator has applied. */
const everything = (): readonly Named[] => [
  [storagePoolKind, world.pool],
  [quotaKind, full('q')],
  [cellKind, world.cell.name],
  [tenantKind, full('stays')],
  [tenantKind, full('goes')],
];

async function makeEverything(): Promise<void> {
  await cluster.apply(storagePoolKind, world.pool, world.poolSpec);
  await cluster.apply(quotaKind, full('q'), { storage: '1Gi' });
  await cluster.apply(cellKind, world.cell.name, { version: '0.1.0', profile: 'tiny', domain: world.cell.domain, pools: [world.pool] });
  const usual = { isolation: { shared: { cell: world.cell.name } }, quota: full('q'), firstAdministrator: {} };
  await cluster.apply(tenantKind, full('stays'), { ...usual, hosts: [hostOf('stays')], deletionProtection: true });
  await cluster.apply(tenantKind, full('goes'), { ...usual, hosts: [hostOf('goes')], deletionPolicy: 'Delete' });
}

const isThere = async (kind: ResourceKind, place: { readonly namespace?: string; readonly name: string }): Promise<boolean> =>
  (await cluster.api.get(kind, place)).kind === 'ok';

/** Everything that has to outlive the operator, each by what would tell that it was made anew or touched. */
async function whatStands(named = everything()): Promise<readonly string[]> {
  const identify = ({ metadata }: KubeObject): string => `${metadata.name} ${metadata.uid} ${metadata.deletionTimestamp ?? 'stays'}`;
  const applied = named.map(async ([kind, name]) => {
    const { metadata } = (await cluster.get(kind, name))!;
    return `${identify({ metadata } as KubeObject)} ${metadata.finalizers?.join()}`;
  });
  const listed = [
    [secretKind, cluster.namespace],
    [configMapKind, cluster.namespace],
    [secretKind, cellNamespace(world.cell.name)],
    [deploymentKind, cellNamespace(world.cell.name)],
  ] as const;
  const made = listed.map(async ([kind, namespace]) => {
    const { items } = expectOk(await cluster.api.list<KubeObject>(kind, { namespace }), `listing ${kind.plural}`);
    return items.filter(isKept).map((one) => `${kind.plural} ${identify(one)} ${one.metadata.generation ?? ''}`);
  });
  return [...(await Promise.all(applied)), ...(await Promise.all(made)).flat()].toSorted();
}

/** All but what belongs to the release of the operator itself, and invitations, which end when they are taken. */
function isKept({ metadata: { name, labels = {} } }: KubeObject): boolean {
  return !name.includes(`.${release()}.`) && !name.endsWith('-invitation') && labels['app.kubernetes.io/instance'] !== release();
}

test('the operator uninstalled, installed again and upgraded: resources and what stands behind them stay as they are', async () => {
  await install();
  await makeEverything();
  for (const one of everything()) await waitUntilSaid(cluster, one, ['Ready=True/Succeeded'], 120_000);
  const ada = await signUp(world.cell, hostOf('stays'), await invitationOf(cluster, full('stays')));
  await putFiles(ada, [{ name: 'a.txt', bytes: Buffer.from('before') }]);
  const before = await whatStands();

  await world.stopOperator();
  await helm('uninstall', release());
  expect(await isThere(deploymentKind, { namespace: cluster.namespace, name: release() })).toBe(false);
  expect(await isThere(roleKind, { name: release() })).toBe(false);
  for (const { plural } of kinds) expect(await isThere(definitionKind, { name: `${plural}.driftbox.io` })).toBe(true);
  expect(await whatStands()).toEqual(before);
  await putFiles(await signIn(world.cell, hostOf('stays')), [{ name: 'b.txt', bytes: Buffer.from('while nobody was there') }]);
  await expect(cluster.delete(tenantKind, full('stays'))).rejects.toThrow('deletionProtection');
  await cluster.delete(tenantKind, full('goes'));
  expect((await cluster.get(tenantKind, full('goes')))?.metadata.deletionTimestamp).toEqual(expect.any(String));

  // Other tests need the definitions of today.
  await install('install', await releasedChart('driftbox-operator'), { crds: { install: false } });
  await install('upgrade');
  await helm('rollback', release(), '1', '--force-conflicts');
  await install('upgrade');
  world.startAgain();
  await waitFor(async () => (await cluster.get(tenantKind, full('goes'))) === undefined, {
    deadlineMs: 60_000,
    what: 'the end of a tenant',
  });
  const rest = everything().filter(([, name]) => name !== full('goes'));
  for (const one of rest) await waitUntilSaid(cluster, one, ['Ready=True/Succeeded'], 120_000);
  const own = [full('goes'), hostClaimName(hostOf('goes'))];
  const of = (lines: readonly string[]): readonly string[] => lines.filter((line) => !own.some((name) => line.includes(name)));
  expect(of(await whatStands(rest))).toEqual(of(before));
}, 300_000);
