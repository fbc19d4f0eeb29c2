import { randomUUID } from 'node:crypto';
import { waitFor } from '@driftbox/testkit';
import { expectOk } from '../runtime/api/answer.ts';
import type { Api } from '../runtime/api/api.ts';
import type { KubeObject, ResourceKind } from '../runtime/api/object.ts';
import { apiContract } from './api-contract.ts';
import { definitionKind } from './definition-kind.ts';
import { openRealWorld } from './real-cluster.ts';

apiContract('a real API server', async () => {
  const world = await openRealWorld();
  const made: string[] = [];
  return {
    api: world.api,
    namespace: world.namespace,
    forget: async () => {
      const kind = await defineKind(world.api);
      made.push(`${kind.plural}.${kind.group}`);
      return { kind, resourceVersion: '1' };
    },
    async [Symbol.asyncDispose]() {
      for (const name of made) await world.api.delete(definitionKind, { name });
      await world[Symbol.asyncDispose]();
    },
  };
});

/** A kind of its own has no history from before it was made. */
async function defineKind(api: Api): Promise<ResourceKind> {
  const group = `g${randomUUID().slice(0, 8)}.driftbox.test`;
  const names = { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  const metadata = { name: `things.${group}` };
  const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata };
  const spec = { group, names, scope: 'Cluster', versions };
  expectOk(await api.create(definitionKind, { ...definition, spec } as KubeObject), 'defining a kind');
  const kind: ResourceKind = { group, version: 'v1', kind: 'Thing', plural: 'things', namespaced: false };
  await waitFor(async () => (await api.list(kind, {})).kind === 'ok', { deadlineMs: 20_000, what: 'the new kind' });
  return kind;
}
