import { expect, test } from '@jest/globals';
import { pullSecretsIn, readPullSecrets } from './pull-secrets.ts';
import type { Api } from './runtime/index.ts';
import type { SecretObject } from './secret.ts';

const stored: SecretObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'registry', namespace: 'ops', uid: 'u', resourceVersion: '7' },
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': 'e30=' },
};
const get = (async (_kind: unknown, { name, namespace }: { name: string; namespace: string }) =>
  name === 'registry' && namespace === 'ops'
    ? { kind: 'ok', value: stored }
    : { kind: 'notFound', code: 404, reason: 'NotFound', message: '' }) as Api['get'];
const read = (...pullSecrets: string[]) =>
  readPullSecrets({ get } as Api, { registry: '', pullSecrets }, 'ops', new AbortController().signal);

test('what images are fetched with is copied to where pods are, as what it is, and nothing else of it', async () => {
  const { secrets, missing } = await read('registry');
  expect(missing).toBeUndefined();
  expect(pullSecretsIn('cell', secrets)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'registry', namespace: 'cell', labels: { 'app.kubernetes.io/part-of': 'driftbox' } },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'e30=' },
    },
  ]);
});

test('one that is not there is told of by name', async () => {
  const { missing } = await read('registry', 'other');
  expect(missing).toEqual({
    reason: 'ReferenceMissing',
    message: 'imagePullSecrets of the operator: there is no Secret other in its namespace',
  });
  expect(await read()).toEqual({ secrets: [] });
});
