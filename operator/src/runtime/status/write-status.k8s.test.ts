import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { expectOk } from '../api/answer.ts';
import type { ResourceKind } from '../api/object.ts';
import { definitionKind } from '../../testing/definition-kind.ts';
import { openRealWorld, type RealWorld } from '../../testing/real-cluster.ts';
import { writeStatus, type WithStatus } from './write-status.ts';

const group = `status-${randomUUID().slice(0, 8)}.example.com`;
const thing: ResourceKind = { group, version: 'v1', kind: 'Thing', plural: 'things', namespaced: false };
type Thing = WithStatus<{ readonly count: number }>;
const definition = `things.${group}`;

let world: RealWorld;
beforeAll(async () => {
  world = await openRealWorld();
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } },
  };
  const spec = { group, scope: 'Cluster', names: { kind: 'Thing', plural: 'things' }, versions: [version] };
  const object = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: definition }, spec };
  expectOk(await world.api.create(definitionKind, object), 'making a kind');
  await waitFor(async () => (await world.api.list(thing, {})).kind === 'ok', { deadlineMs: 20_000 });
}, 60_000);
afterAll(async () => {
  await world.api.delete(definitionKind, { name: definition });
  await world[Symbol.asyncDispose]();
});

async function make(name: string): Promise<Thing> {
  return expectOk(await world.api.create<Thing>(thing, { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name } }), 'making');
}
const read = async (name: string): Promise<Thing> => expectOk(await world.api.get<Thing>(thing, { name }), 'reading');
const options = { manager: 'test' };

test('the status of one that was made anew under the name is never written', async () => {
  const first = await make('a');
  await world.api.delete(thing, { name: 'a' });
  await make('a');
  await expect(writeStatus(world.api, thing, first, { count: 1 }, options)).rejects.toMatchObject({ refusal: { kind: 'conflict' } });
  expect((await read('a')).status).toBeUndefined();
});

test('nor of one that changed since it was looked at; of one as it was it is', async () => {
  const known = await make('b');
  expect(await writeStatus(world.api, thing, known, { count: 1 }, options)).toBe(true);
  await expect(writeStatus(world.api, thing, known, { count: 2 }, options)).rejects.toMatchObject({ refusal: { kind: 'conflict' } });
  expect(await writeStatus(world.api, thing, await read('b'), { count: 2 }, options)).toBe(true);
  expect((await read('b')).status).toEqual({ count: 2 });
});
