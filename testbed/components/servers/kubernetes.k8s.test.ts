import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid, openKubeApi, temporaryFolder, testComponent, waitFor, type KubeObject } from '@driftbox/testkit';
import { runCommand } from '../install/run-command.ts';
import { startKubernetes } from './kubernetes.ts';

const cluster = testComponent('k8s');
const api = openKubeApi(cluster);
const namespace = `bed-${newUuid().slice(0, 8)}`;
const inNamespace = (rest: string): string => `/api/v1/namespaces/${namespace}/${rest}`;

beforeAll(async () => {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const made = await api.send('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
  });
  expect(made.status).toBe(201);
});
afterAll(async () => {
  await api.send('DELETE', `/api/v1/namespaces/${namespace}`);
  api.close();
});

function configMap(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
}

test('kubectl reaches it with the file that the run hands over', async () => {
  const asked = runCommand(cluster.kubectl, ['version', '--output=json', `--kubeconfig=${cluster.kubeconfig}`], { folder: '/' });
  const { serverVersion } = JSON.parse(await asked) as { serverVersion: { gitVersion: string } };
  expect(serverVersion.gitVersion).toMatch(/^v1\.\d+\.\d+/);
});

test('nobody without a token is let in', async () => {
  expect((await api.send('GET', inNamespace('configmaps'), { token: 'wrong' })).status).toBe(401);
});

test('a restricted namespace refuses a pod that could be root', async () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x:1' }] } };
  const refused = await api.send('POST', inNamespace('pods'), { body: pod });
  expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining('violates PodSecurity "restricted') } });
});

test('two managers of one field conflict under server-side apply', async () => {
  await api.apply(inNamespace('configmaps/shared'), configMap('shared', 'one'));
  const other = await api.send('PATCH', `${inNamespace('configmaps/shared')}?fieldManager=other`, {
    body: configMap('shared', 'two'),
    contentType: 'application/apply-patch+yaml',
  });
  expect(other).toMatchObject({ status: 409, body: { message: expect.stringContaining('conflict with "driftbox-test"') } });
});

test('an account may do what its role says and no more', async () => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reader' } };
  await api.send('POST', inNamespace('serviceaccounts'), { body: account });
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const [apiVersion, metadata] = ['rbac.authorization.k8s.io/v1', { name: 'reader' }];
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
  await api.send('POST', `${rbac}/roles`, { body: { apiVersion, kind: 'Role', metadata, rules } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
  const subjects = [{ kind: 'ServiceAccount', name: 'reader', namespace }];
  await api.send('POST', `${rbac}/rolebindings`, { body: { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects } });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { body } = await api.send('POST', inNamespace('serviceaccounts/reader/token'), { body: request });
  const { token } = body['status'] as { token: string };
  await waitFor(async () => (await api.send('GET', inNamespace('configmaps'), { token })).status === 200, {
    deadlineMs: 10_000,
    what: 'the role to be known',
  });
  expect((await api.send('GET', inNamespace('secrets'), { token })).status).toBe(403);
});

test('another one starts beside it, with its own keys, and is gone when it is stopped', async () => {
  await using folder = await temporaryFolder();
  const other = await startKubernetes(folder.path);
  const { url = '', certificate = '', token = '' } = other.addresses;
  try {
    expect(url).not.toBe(cluster.url);
    expect(other.pids).toHaveLength(2);
    const args = ['get', 'namespaces', '--output=name', `--kubeconfig=${other.kubeconfig}`];
    expect(await runCommand(other.kubectl, args, { folder: folder.path })).toContain('namespace/default');
    expect([certificate, token].every((value) => value.length > 0)).toBe(true);
  } finally {
    await other.stop();
  }
  for (const pid of other.pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}, 90_000);
