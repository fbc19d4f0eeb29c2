import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createS3Bucket } from '@driftbox/chunk-store';
import {
  expectOk,
  leaseKind,
  resourceKindOf,
  secretKind,
  type KubeObject,
  type Lease,
  type Operator,
  type ResourceKind,
  type Secret,
} from '@driftbox/operator';
import { isAlive } from '@driftbox/processes';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogueFolder, catalogueOfTest, withNextVersion } from './catalogue-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { kubeconfigThrough, startLine, startOperatorProcess } from './operator-process.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';
import { deploymentKind, startScriptedNode, statefulSetKind } from './scripted-node.ts';

type Container = { readonly image: string; readonly env?: readonly { readonly name: string; readonly value?: string }[] };
type Deployment = KubeObject & {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: { readonly containers: readonly Container[] } } };
};

let cluster: ClusterOfTest;
let operator: Operator;
let folder: TemporaryFolder;
let node: AsyncDisposable;
let making: Awaited<ReturnType<typeof catalogueOfTest>>;
let asked = 0;

beforeAll(async () => {
  cluster = await openCluster();
  folder = await temporaryFolder();
  const { accessKey, secretKey } = testComponent('s3');
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  await cluster.applySecret('s3', { accessKey, secretKey });
  await cluster.applySecret('registry', { '.dockerconfigjson': '{}' });
  making = { ...(await catalogueOfTest(folder.path, await tellingHelm())), images: { registry: 'localhost', pullSecrets: ['registry'] } };
  operator = startOperator(cluster, undefined, { making });
  node = startScriptedNode(cluster);
  await makePool();
}, 120_000);
afterAll(async () => {
  await operator.stop();
  await node[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

/** How the catalogue calls the charts of the release before this version. */
const released = '0.0.1';
const pool = (): string => `p-${cluster.namespace}`;
const full = (name: string): string => `${name}-${cluster.namespace}`;
const upgrades = (): string => path.join(folder.path, 'upgrades');

/** Helm, after it has written down under which process it is about to upgrade which release. */
async function tellingHelm(): Promise<string> {
  const program = path.join(folder.path, 'helm');
  const note = `if [ "$1" = upgrade ]; then echo "$2 $$" >> '${upgrades()}'; fi`;
  await writeFile(program, `#!/bin/sh\n${note}\nexec '${testComponent('helm').command}' "$@"\n`, { mode: 0o755 });
  return program;
}

async function makePool(annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  const external = { endpoint: testComponent('s3').endpoint, bucket: cluster.namespace, credentialsSecret: 's3' };
  await cluster.apply(storagePoolKind, pool(), { external }, annotations);
}

/** Asks for a look at everything. */
const asking = (): Readonly<Record<string, string>> => ({ 'driftbox.io/requested-at': String((asked += 1)) });

async function makeCell(name: string, spec: object = {}, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  const usual = { version: '0.1.0', profile: 'tiny', domain: `${full(name)}.example.com`, pools: [pool()] };
  await cluster.apply(cellKind, full(name), { ...usual, ...spec }, annotations);
}

const said = (name: string, ...wanted: readonly string[]): Promise<SayingObject> =>
  waitUntilSaid(cluster, [cellKind, full(name)], wanted, 120_000);

const isWell = ['Ready=True/Succeeded', 'Released=True/InSync', 'DatabaseReady=True/Available', 'StorageReady=True/Qualified'];

async function deploymentOf(name: string, service: string): Promise<Deployment> {
  const at = { namespace: cellNamespace(full(name)), name: `${full(name)}-${service}` };
  return expectOk(await cluster.api.get<Deployment>(deploymentKind, at), `reading the Deployment ${at.name}`);
}
const imageOf = async (name: string): Promise<string | undefined> =>
  (await deploymentOf(name, 'auth')).spec.template.spec.containers[0]?.image.split(':').at(-1);

async function secretOf(name: string, secret: string): Promise<Readonly<Record<string, string>>> {
  const at = { namespace: cellNamespace(full(name)), name: secret };
  const { data = {} } = expectOk(await cluster.api.get<Secret>(secretKind, at), `reading the Secret ${secret}`);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

type Policy = KubeObject & { readonly spec: object };
const policyKind: ResourceKind = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
};

async function policyOf(cell: string, name: string): Promise<Policy> {
  return expectOk(await cluster.api.get<Policy>(policyKind, { namespace: cellNamespace(full(cell)), name }), 'reading a policy');
}

/** Lets pods ask whomever they like, as somebody does by hand. */
async function openPolicy(cell: string, name: string, annotations: object): Promise<void> {
  const found = await policyOf(cell, name);
  const metadata = { ...found.metadata, annotations } as KubeObject['metadata'];
  expectOk(await cluster.api.replace(policyKind, { ...found, metadata, spec: { ...found.spec, egress: [{}] } }), 'opening a policy');
}

type Sized = KubeObject & {
  readonly spec: {
    readonly volumeClaimTemplates: readonly {
      readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
    }[];
  };
};

async function postgresOf(name: string): Promise<Sized> {
  const at = { namespace: cellNamespace(full(name)), name: `${full(name)}-backends-postgres` };
  return expectOk(await cluster.api.get<Sized>(statefulSetKind, at), 'reading the StatefulSet of PostgreSQL');
}

const statusOf = async (name: string) => (await cluster.get<SayingObject>(cellKind, full(name)))?.status;

/** What a cell says once it was looked at anew. */
async function lookedAt(name: string, ...wanted: readonly string[]): Promise<SayingObject> {
  await makeCell(name, {}, asking());
  type Asked = KubeObject & { readonly status?: { readonly requestedAt?: string } };
  const isDone = async (): Promise<boolean> => (await cluster.get<Asked>(cellKind, full(name)))?.status?.requestedAt === String(asked);
  await waitFor(isDone, { deadlineMs: 60_000, what: 'a pass' });
  return said(name, ...wanted);
}

test('what somebody edits by hand is reported and corrected, and what is paused is reported alone', async () => {
  await makeCell('edited');
  await said('edited', ...isWell, 'Drifted=False/None', 'Reachable=True/Answering');
  // Pods can fetch images with Secrets of their own namespace alone.
  expect(await secretOf('edited', 'registry')).toEqual({ '.dockerconfigjson': '{}' });
  const before = await deploymentOf('edited', 'share');
  const containers = before.spec.template.spec.containers.map((one) => ({ ...one, image: 'somebody/elses:latest' }));
  const template = { ...before.spec.template, spec: { ...before.spec.template.spec, containers } };
  expectOk(await cluster.api.replace(deploymentKind, { ...before, spec: { ...before.spec, template } } as KubeObject), 'editing');
  await makeCell('edited', {}, asking());
  const corrected = await said('edited', 'Drifted=False/Corrected', ...isWell.slice(0, 1));
  expect(messageOf(corrected, 'Drifted')).toContain(`Deployment ${full('edited')}-share`);
  expect((await deploymentOf('edited', 'share')).spec.template.spec.containers).toEqual(before.spec.template.spec.containers);

  await openPolicy('edited', 'driftbox-migrate', { 'driftbox.io/paused': 'true' });
  const opened = await policyOf('edited', 'driftbox-migrate');
  const denying = { namespace: cellNamespace(full('edited')), name: 'driftbox-default-deny' };
  expectOk(await cluster.api.delete(policyKind, denying), 'removing a policy');
  const again = await lookedAt('edited', 'Drifted=False/Corrected');
  expect(messageOf(again, 'Drifted')).toContain('changed back: NetworkPolicy driftbox-default-deny');
  expect((await policyOf('edited', denying.name)).spec).toMatchObject({ podSelector: {} });
  const exempt = await lookedAt('edited', 'Drifted=True/Exempt');
  expect(messageOf(exempt, 'Drifted')).toContain('paused: NetworkPolicy driftbox-migrate');
  expect((await policyOf('edited', 'driftbox-migrate')).spec).toEqual(opened.spec);
}, 180_000);

/** Which of this test's operators has the lead, by the name that it was given. */
async function leader(): Promise<string | undefined> {
  const lease = await cluster.api.get<Lease>(leaseKind, { namespace: cluster.namespace, name: 'driftbox-operator' });
  return lease.kind === 'ok' ? lease.value.spec?.holderIdentity?.split('_')[0] : undefined;
}
const awaitLead = (name: string) =>
  waitFor(async () => (await leader()) === name, { deadlineMs: 120_000, longestPauseMs: 100, what: `the lead of ${name}` });

test('a leader cut off in mid-upgrade is dead, and its Helm, before another begins, who finishes it and says so only then', async () => {
  await makeCell('upgraded', { version: released });
  await said('upgraded', ...isWell);
  expect(await imageOf('upgraded')).toBe('9'.repeat(64));
  await operator.stop();
  const common = { catalogue: catalogueFolder(folder.path), making };
  await using line = await startLine();
  await using one = startOperatorProcess(cluster, { ...common, name: 'one', kubeconfig: await kubeconfigThrough(line, folder.path) });
  await awaitLead('one');
  await using two = startOperatorProcess(cluster, { ...common, name: 'two', kubeconfig: testComponent('k8s').kubeconfig });

  // So slow that Helm is seen at work.
  line.set({ delayMs: 20 });
  await makeCell('upgraded', { version: '0.2.0' });
  const isUnderWay = async (): Promise<boolean> => (await statusOfRelease('upgraded', 2)) === 'pending-upgrade';
  await waitFor(isUnderWay, { deadlineMs: 120_000, longestPauseMs: 5, what: 'an upgrade under way' });
  line.set({ stalled: true });
  const helm = Number(new RegExp(`^${full('upgraded')} (\\d+)$`, 'm').exec(await readFile(upgrades(), 'utf8'))?.[1]);
  expect(isAlive(helm)).toBe(true);
  expect(await one.ended).toBe(1);
  expect([isAlive(helm), await leader()]).toEqual([false, 'one']);
  await awaitLead('two');
  // What was under way may arrive late, which no election prevents: here the line loses it. Whatever is still there could now go on.
  line.cut();
  const before = { ...line.seen };
  line.set({});
  const cellNow = () => cluster.get<SayingObject>(cellKind, full('upgraded'));
  const isTold = async (): Promise<boolean> => messageOf((await cellNow()) as SayingObject, 'Ready').includes('an upgrade was cut off');
  await waitFor(isTold, { deadlineMs: 40_000, what: 'a word about the lock' });
  expect(await statusOfRelease('upgraded', 2)).toBe('pending-upgrade');
  await said('upgraded', ...isWell);
  expect(await imageOf('upgraded')).toBe('b'.repeat(64));
  expect((await cellNow())?.status).toMatchObject({ version: '0.2.0' });
  expect([await statusOfRelease('upgraded', 2), await statusOfRelease('upgraded', 3)]).toEqual(['failed', 'deployed']);
  expect(line.seen).toEqual(before);
  await two[Symbol.asyncDispose]();
  operator = startOperator(cluster, undefined, { making });
}, 300_000);

async function statusOfRelease(name: string, revision: number): Promise<string | undefined> {
  const at = { namespace: cellNamespace(full(name)), name: `sh.helm.release.v1.${full(name)}.v${revision}` };
  const answer = await cluster.api.get<Secret>(secretKind, at);
  return answer.kind === 'ok' ? answer.value.metadata.labels?.['status'] : undefined;
}

test('a bad version is rolled back, others wait for it, and for their window; what nobody has, or ran before, is refused', async () => {
  await makeCell('bad', { version: released });
  await said('bad', ...isWell);
  await makeCell('bad', { version: '0.3.0' });
  const back = await said('bad', 'Ready=False/Failing', 'Released=False/RolledBack');
  expect(messageOf(back, 'Ready')).toBe('the version before runs; see Released');
  expect(back.status).toMatchObject({ version: released });
  expect(await imageOf('bad')).toBe('9'.repeat(64));
  const opens = new Date(Date.now() + 12 * 3_600_000).toISOString();
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  await makeCell('edited', { version: '0.2.0', maintenance: { days, start: opens.slice(11, 16), hours: 1 } });
  const early = await said('edited', 'Ready=False/Waiting', 'Released=False/AwaitingWindow', 'Reachable=True/Answering');
  const words = (what: string): string => `0.1.0 runs; the upgrade to 0.2.0 waits for ${what}`;
  expect(messageOf(early, 'Ready')).toBe(words(`the maintenance window, which opens ${opens.slice(0, 16)}Z`));
  await makeCell('edited', { version: '0.2.0' });
  const held = await said('edited', 'Ready=False/Waiting', 'Released=False/HeldBack');
  const mend = `whose upgrade to 0.3.0 failed: mend it, or set its version back to ${released}`;
  expect(messageOf(held, 'Released')).toBe(words(`Cell ${full('bad')}, ${mend}`));
  await makeCell('bad', { version: '0.4.0' });
  const refused = await said('bad', 'Stalled=True/ChartRefused', 'Ready=False/Stalled');
  expect(messageOf(refused, 'Stalled')).toContain('ClusterRole');
  await makeCell('bad', { version: '9.0.0' });
  const unknown = await said('bad', 'Stalled=True/VersionUnsupported');
  expect(messageOf(unknown, 'Stalled')).toBe('this operator knows the versions 0.0.1, 0.1.0, 0.2.0, 0.3.0, 0.4.0, and not 9.0.0');
  expect(await imageOf('edited')).toBe('a'.repeat(64));
  await makeCell('bad', { version: '0.2.0' });
  await said('bad', ...isWell);
  await said('edited', ...isWell);
  expect(await imageOf('edited')).toBe('b'.repeat(64));
  await makeCell('bad', { version: '0.1.0' });
  expect(messageOf(await said('bad', 'Stalled=True/VersionUnsupported'), 'Stalled')).toContain('0.2.0 runs');
  expect(await imageOf('bad')).toBe('b'.repeat(64));
}, 240_000);

test('mistyped keys of a pool are told of and reach no pod; pods go on with those before; volumes grow', async () => {
  await makeCell('typo');
  await said('typo', ...isWell);
  const given = async () => [await secretOf('typo', 'driftbox-s3'), (await deploymentOf('typo', 'upload')).spec.template];
  const before = await given();
  const { accessKey, secretKey } = testComponent('s3');
  const change = async (key: string): Promise<void> => {
    await cluster.applySecret('s3', { accessKey: key, secretKey });
    await makePool(asking());
  };
  await change('mistyped');
  await waitUntilSaid(cluster, [storagePoolKind, pool()], ['Ready=False/Failing', 'StorageReady=False/Unreachable']);
  await makeCell('typo', {}, asking());
  const told = await said('typo', 'Ready=False/Progressing', 'StorageReady=False/Waiting');
  expect(messageOf(told, 'StorageReady')).toMatch(/^waiting for the StoragePool .*(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch)/);
  expect(await given()).toEqual(before);
  await change(accessKey);
  await said('typo', ...isWell);
  expect(await given()).toEqual(before);

  const [before20, volumes] = [await postgresOf('typo'), { postgres: { bundled: { size: '30Gi' } } }];
  await makeCell('typo', volumes, { 'driftbox.io/plan': 'true' });
  const isPlanned = async (): Promise<boolean> => String((await statusOf('typo'))?.['plan']).includes('volumes of its back ends larger');
  await waitFor(isPlanned, { deadlineMs: 60_000, what: 'a plan' });
  await makeCell('typo', volumes);
  await said('typo', ...isWell);
  const after30 = await postgresOf('typo');
  expect([before20, after30].map(({ spec }) => spec.volumeClaimTemplates[0]?.spec.resources.requests.storage)).toEqual(['20Gi', '30Gi']);
  expect(after30.metadata.uid).not.toBe(before20.metadata.uid);
}, 240_000);

/** The pods that are asked for in some namespaces, by everything that would start one anew, and the releases that they come from. */
async function podsOf(...namespaces: readonly string[]): Promise<readonly string[]> {
  const listed = namespaces.flatMap((namespace) =>
    [deploymentKind, statefulSetKind].map(async (kind) => {
      const { items } = expectOk(await cluster.api.list<Deployment>(kind, { namespace }), `listing the ${kind.plural} of ${namespace}`);
      return items.map(({ metadata: { name, uid, generation }, spec }) => JSON.stringify([name, uid, generation, spec.template]));
    }),
  );
  const released = namespaces.map(async (namespace) => {
    const { items } = expectOk(await cluster.api.list(secretKind, { namespace, labelSelector: 'owner=helm' }), 'listing releases');
    return items.map(({ metadata }) => metadata.name);
  });
  return (await Promise.all([...listed, ...released])).flat().toSorted();
}

/** Where metadata of a cell asks auth. */
async function authUrlOf(name: string): Promise<string | undefined> {
  const { env = [] } = (await deploymentOf(name, 'metadata')).spec.template.spec.containers[0] ?? {};
  return env.find((one) => one.name === 'DRIFTBOX_AUTH_URL')?.value;
}

/** Takes away the certificate that a part shows to others, and sees that another one comes, by the same authority, without new pods. */
async function loseCertificate(name: string, part: string): Promise<void> {
  const places = [cellNamespace(full(name))];
  const [before, pods] = [await secretOf(name, 'driftbox-inner-tls'), await podsOf(...places)];
  expect(new X509Certificate(before[`${part}.crt`] ?? '').checkHost(`${full(name)}-${part}`)).toBeDefined();
  const at = { namespace: cluster.namespace, name: `inner-${full(name)}` };
  const { data = {}, ...rest } = expectOk(await cluster.api.get<Secret>(secretKind, at), 'reading certificates');
  const { [`${part}.crt`]: _lost, ...others } = data;
  expectOk(await cluster.api.replace(secretKind, { ...rest, data: others }), 'losing a certificate');
  await makeCell(name, { version: '0.5.0' }, asking());
  const isAnother = async (): Promise<boolean> => (await secretOf(name, 'driftbox-inner-tls'))[`${part}.crt`] !== before[`${part}.crt`];
  await waitFor(isAnother, { deadlineMs: 60_000, what: 'another certificate' });
  await said(name, ...isWell);
  const { [`${part}.crt`]: certificate = '', [`${part}.key`]: _key, ...after } = await secretOf(name, 'driftbox-inner-tls');
  expect(new X509Certificate(certificate).verify(new X509Certificate(after['ca.crt'] ?? '').publicKey)).toBe(true);
  expect(before).toMatchObject(after);
  expect(await podsOf(...places)).toEqual(pods);
}

/** Which version a cell runs, in the operator's name. */
async function sayVersion(name: string, version: string): Promise<void> {
  const kind = resourceKindOf(cellKind);
  const status = { observedGeneration: 1, version };
  const object = { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: { name: full(name) }, status };
  expectOk(await cluster.api.applyStatus<KubeObject>(kind, object, { manager: 'driftbox-cell' }), 'saying a version');
}

test('an operator of the next version takes over and touches no pod until a cell is told to; then its charts upgrade it', async () => {
  const own = full('own');
  const bundled = { bundled: { nodes: 1, drivesPerNode: 1, parity: 0, driveSize: '1Gi' } };
  await makeCell('kept', { version: released });
  await said('kept', ...isWell);
  // Nothing runs that could answer as the MinIO of a pool of ours: the cell on it is paused, and its word is said for it.
  await makeCell('beside', { pools: [own] }, { 'driftbox.io/paused': 'true' });
  await sayVersion('beside', released);
  await cluster.apply(storagePoolKind, own, bundled);
  const minio = { namespace: `driftbox-pool-${own}`, name: `pool-${own}-minio` };
  const minioIsOf = (digit: string) => async (): Promise<boolean> => {
    const answer = await cluster.api.get<Deployment>(statefulSetKind, minio);
    return answer.kind === 'ok' && answer.value.spec.template.spec.containers[0]?.image.endsWith(digit.repeat(64)) === true;
  };
  await waitFor(minioIsOf('9'), { deadlineMs: 60_000, what: 'MinIO of the version of its cells' });
  expect((await cluster.api.get(secretKind, { namespace: minio.namespace, name: 'registry' })).kind).toBe('ok');
  expect(await authUrlOf('kept')).toBe(`http://${full('kept')}-auth:9090`);
  const places = [cellNamespace(full('kept')), minio.namespace];
  const before = await podsOf(...places);

  await operator.stop();
  operator = startOperator(cluster, undefined, { making: await withNextVersion(making, folder.path) });
  const named = [
    [storagePoolKind, own],
    [cellKind, full('kept')],
  ] as const;
  const wordOf = async ([kind, name]: (typeof named)[number]) => (await cluster.get<SayingObject>(kind, name))?.status;
  const ask = asking();
  await cluster.apply(storagePoolKind, own, bundled, ask);
  await makeCell('kept', { version: released }, ask);
  for (const one of named) {
    const hasLooked = async (): Promise<boolean> => (await wordOf(one))?.['requestedAt'] === String(asked);
    await waitFor(hasLooked, { deadlineMs: 60_000, what: 'a look at everything by the new operator' });
  }
  await said('kept', ...isWell, 'Drifted=False/None');
  expect(await podsOf(...places)).toEqual(before);

  await makeCell('kept', { version: '0.5.0' }, { 'driftbox.io/plan': 'true' });
  const plan = await waitFor(async () => (await wordOf(named[1]))?.['plan'] as string | undefined, {
    deadlineMs: 60_000,
    what: 'a plan',
  });
  const [was, becomes] = ['9', 'e'].map((digit) => `"localhost/driftbox/services@sha256:${digit.repeat(64)}"`.slice(0, 80));
  expect(plan).toContain(`change Deployment ${full('kept')}-auth: `);
  expect(plan).toContain(`spec.template.spec.containers[0].image ${was}… -> ${becomes}…`);
  expect(plan).toContain('run the Job migrate-0-5-0-');
  expect(await podsOf(...places)).toEqual(before);

  await makeCell('kept', { version: '0.5.0' });
  await said('kept', ...isWell);
  expect(await imageOf('kept')).toBe('e'.repeat(64));
  expect(await authUrlOf('kept')).toBe(`https://${full('kept')}-auth:9443`);
  await loseCertificate('kept', 'auth');
  expect(await minioIsOf('9')()).toBe(true);
  await sayVersion('beside', '0.5.0');
  await waitFor(minioIsOf('e'), { deadlineMs: 60_000, what: 'MinIO after its cell' });
}, 240_000);
