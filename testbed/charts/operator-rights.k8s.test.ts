import { randomUUID } from 'node:crypto';
import { openKubeApi, testComponent, waitFor, type KubeAnswer, type KubeApi, type KubeObject } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChartObject } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

// The rights that the chart gives, and the policy that bounds them, tried on a real API server in the name of the operator's account.
const own = `rights-${randomUUID().slice(0, 8)}`;
const strange = `${own}-strange`;
const cell = `${own}-cell`;
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const isOfRights = ({ apiVersion }: ChartObject): boolean => /^(rbac|admissionregistration)/.test(apiVersion);

let api: KubeApi;
let token: string;
let made: readonly string[] = [];

beforeAll(async () => {
  api = openKubeApi(testComponent('k8s'));
  for (const name of [own, strange]) await must(api.send('POST', '/api/v1/namespaces', { body: namespaceOf(name) }));
  const objects = await renderChart({ ...sampleOf('driftbox-operator', 'plain'), release: own, namespace: own });
  // What is of the whole project, and not of a release, is there for other tests too.
  const rights = objects.filter((one) => one.kind === 'ServiceAccount' || (isOfRights(one) && one.metadata.name.startsWith(own)));
  made = rights.map(pathOf);
  for (const one of rights) await must(api.apply(pathOf(one), one));
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { body } = await must(api.send('POST', `/api/v1/namespaces/${own}/serviceaccounts/${own}/token`, { body: request }));
  token = (body['status'] as { token: string }).token;
  // A policy holds a moment after it is there.
  const isBound = async (): Promise<boolean> => (await bind(strange, `${own}-cell`, '?dryRun=All')).status === 403;
  await waitFor(isBound, { deadlineMs: 30_000, what: 'the policy to hold' });
}, 60_000);
afterAll(async () => {
  for (const path of [...made, `/api/v1/namespaces/${strange}`, `/api/v1/namespaces/${cell}`]) await api.send('DELETE', path);
  api.close();
});

function pathOf({ apiVersion, kind, metadata: { name } }: ChartObject): string {
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const isInside = ['Role', 'RoleBinding', 'ServiceAccount'].includes(kind);
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${group}${isInside ? `/namespaces/${own}` : ''}/${plural.toLowerCase()}/${name}`;
}

function namespaceOf(name: string, labels: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

async function must(answer: Promise<KubeAnswer>): Promise<KubeAnswer> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(String(body['message']));
  return { status, body };
}

/** Binds the operator to a role for the whole cluster, inside a namespace, as the operator. */
function bind(namespace: string, role: string, query = ''): Promise<KubeAnswer> {
  const body = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: role },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: own, namespace: own }],
  };
  return api.send('POST', `${rbac}/namespaces/${namespace}/rolebindings${query}`, { body, token });
}

/** Whether the server would let it: `verb resource`, `verb group/resource`, `verb resource/name` where a name counts. */
async function may(what: string, namespace?: string): Promise<boolean> {
  const [, verb = '', group = '', resource = '', name = ''] = /^(\S+) (?:([\w.]+)\/)?(\w+)(?::(\S+))?$/.exec(what) ?? [];
  const [plural, subresource = ''] = resource.split('__');
  const resourceAttributes = { verb, group, resource: plural, subresource, name, ...(namespace === undefined ? {} : { namespace }) };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const answer = await must(api.send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body, token }));
  return (answer.body['status'] as { allowed: boolean }).allowed;
}

const ofRbac = 'rbac.authorization.k8s.io';
/** What it may not do, anywhere in the cluster. */
const forbidden: readonly string[] = [
  ...['get', 'list', 'watch', 'create', 'patch', 'delete'].map((verb) => `${verb} secrets`),
  'list configmaps',
  'create configmaps',
  'list pods',
  'create pods',
  'create pods__exec',
  'get pods__log',
  'create serviceaccounts',
  'create serviceaccounts__token',
  'impersonate users',
  'impersonate groups',
  'impersonate serviceaccounts',
  'create apps/deployments',
  'patch apps/statefulsets',
  'create batch/jobs',
  'list nodes',
  'patch nodes',
  'create nodes__proxy',
  'create persistentvolumes',
  'delete persistentvolumes',
  'update namespaces__finalize',
  'list events.k8s.io/events',
  ...['clusterroles', 'clusterrolebindings', 'roles'].flatMap((kind) => [`create ${ofRbac}/${kind}`, `patch ${ofRbac}/${kind}`]),
  ...['cluster-admin', 'admin', 'edit', 'view', 'driftbox-edit'].map((name) => `bind ${ofRbac}/clusterroles:${name}`),
  `bind ${ofRbac}/clusterroles`,
  `escalate ${ofRbac}/clusterroles`,
  'create admissionregistration.k8s.io/validatingadmissionpolicies',
  'delete admissionregistration.k8s.io/validatingadmissionpolicybindings',
  'create admissionregistration.k8s.io/mutatingwebhookconfigurations',
  'patch apiextensions.k8s.io/customresourcedefinitions',
  'get apiextensions.k8s.io/customresourcedefinitions:cells.driftbox.io',
  'create certificates.k8s.io/certificatesigningrequests',
  // What administrators apply is theirs to make and to remove.
  ...['storagepools', 'quotas', 'tenants', 'tenantbackupschedules', 'tenantrestores'].flatMap((kind) => [
    `create driftbox.io/${kind}`,
    `delete driftbox.io/${kind}`,
  ]),
];

test('what it may not do is refused, one by one, and what it needs is not', async () => {
  const allowed = await Promise.all(forbidden.map(async (what) => ((await may(what)) ? [what] : [])));
  expect(allowed.flat()).toEqual([]);
  const needed = [
    `bind ${ofRbac}/clusterroles:${own}-cell`,
    'create namespaces',
    'patch driftbox.io/tenants',
    'create driftbox.io/cells',
    ...['clusters.postgresql.cnpg.io', 'kafkas.kafka.strimzi.io', 'kafkanodepools.kafka.strimzi.io'].map(
      (kind) => `get apiextensions.k8s.io/customresourcedefinitions:${kind}`,
    ),
  ];
  for (const what of needed) expect([what, await may(what)]).toEqual([what, true]);
  expect([await may('get secrets', own), await may('get secrets', strange)]).toEqual([true, false]);
});

test('it binds itself nowhere but in namespaces of cells, and to no other role', async () => {
  for (const place of [strange, own, 'kube-system', 'default']) {
    expect(await bind(place, `${own}-cell`)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining(`not labelled as that of a cell or a pool: ${place}`) },
    });
  }
  await must(api.send('POST', '/api/v1/namespaces', { body: namespaceOf(cell, { 'driftbox.io/cell': 'eu' }), token }));
  expect(await may('get secrets', cell)).toBe(false);
  await must(bind(cell, `${own}-cell`));
  await waitFor(() => may('get secrets', cell), { deadlineMs: 10_000, what: 'the role to be known' });
  expect(await bind(cell, 'cluster-admin')).toMatchObject({ status: 403 });
  // In it as well it gets no rights that it could not use there before.
  for (const what of [`create ${ofRbac}/roles`, 'create pods', 'create pods__exec']) expect(await may(what, cell)).toBe(false);
});

test('it makes no namespace but for cells, and takes none that others have made', async () => {
  const [all, at] = ['/api/v1/namespaces', `/api/v1/namespaces/${strange}`];
  const contentType = 'application/merge-patch+json';
  const labelled = { metadata: { labels: { 'driftbox.io/cell': 'eu' } } };
  for (const answer of [
    await api.send('POST', all, { body: namespaceOf(`${own}-other`), token }),
    await api.send('PATCH', at, { body: labelled, contentType, token }),
    await api.send('DELETE', at, { token }),
  ])
    expect(answer).toMatchObject({ status: 403, body: { message: expect.stringContaining('not labelled as those of cells or pools') } });
  // Of others the policy says nothing.
  await must(api.send('PATCH', at, { body: { metadata: { labels: { theirs: 'yes' } } }, contentType }));
});
