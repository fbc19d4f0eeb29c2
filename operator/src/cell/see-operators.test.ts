import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { serveApi, type ServedApi } from '../testing/serve-api.ts';
import type { CellInput } from './cell-input.ts';
import { cellNames } from './names.ts';
import { findMissingOperator, findVolumesLeft } from './see-operators.ts';

const signal = new AbortController().signal;
const { namespace } = cellNames('eu');

let served: ServedApi;
let api: Api;
beforeEach(async () => {
  served = await serveApi();
  ({ api } = served);
});
afterEach(() => served.close());

const running = (names: readonly string[]) => names.map((name) => ({ name, release: 'eu-backends', isReady: false, serves: false }));
const see = (parts: object, runs: readonly string[] = []) =>
  findMissingOperator(api, { postgres: {}, kafka: {}, ...parts } as CellInput['spec'], running(runs), signal);
const seeLeft = (parts: object, runs: readonly string[] = []) =>
  findVolumesLeft(api, 'eu', { postgres: {}, kafka: {}, ...parts } as CellInput['spec'], running(runs), signal);
const delegated = { postgres: { delegated: {} } };

async function define(versions: readonly object[], isEstablished = 'True', name = 'clusters.postgresql.cnpg.io'): Promise<void> {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: { versions },
    status: { conditions: [{ type: 'Established', status: isEstablished }] },
  };
  expectOk(await api.create(kubeKinds.definition, definition as KubeObject), 'defining');
}

async function keep(volume: string, claim: string, of = namespace): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume } };
  const spec = { claimRef: { namespace: of, name: claim } };
  expectOk(await api.create(kubeKinds.persistentVolume, { ...object, spec } as KubeObject), 'keeping a volume');
}

test('a cell that delegates nothing needs no operator of others, and may have any volumes', async () => {
  await keep('one', 'driftbox-postgres-1');
  for (const postgres of [{ bundled: {} }, { external: {} }])
    expect([await see({ postgres }), await seeLeft({ postgres })]).toEqual([undefined, undefined]);
});

test('an operator is there once its kind is served, in the version that charts make', async () => {
  const missing = { reason: 'BackendOperatorMissing', message: expect.stringContaining('install CloudNativePG') };
  expect(await see(delegated)).toEqual(missing);
  await define([
    { name: 'v2', served: true },
    { name: 'v1', served: false },
  ]);
  expect(await see(delegated)).toEqual(missing);
  expect(await see(delegated, ['driftbox-postgres'])).toBeUndefined();
});

test('a kind whose definition was not taken up yet is not there', async () => {
  await define([{ name: 'v1', served: true }], 'False');
  expect(await see(delegated)).toHaveProperty('reason', 'BackendOperatorMissing');
});

test('nothing is begun over volumes of before, which that operator would not look into', async () => {
  await keep('others', 'driftbox-postgres-1', 'elsewhere');
  await keep('events', 'data-eu-backends-kafka-0');
  expect(await seeLeft(delegated)).toBeUndefined();
  await keep('two', 'driftbox-postgres-2');
  await keep('one', 'driftbox-postgres-1');
  const message = expect.stringContaining('volumes of driftbox-postgres-1, driftbox-postgres-2 in the namespace');
  expect(await seeLeft(delegated)).toEqual({ reason: 'VolumesLeft', message });
  expect(await seeLeft(delegated, ['driftbox-postgres'])).toBeUndefined();
});

test('Strimzi is there once both of its kinds are', async () => {
  const seeKafka = () => see({ kafka: { delegated: {} } });
  const pools = 'kafkanodepools.kafka.strimzi.io';
  const message = `spec.kafka.delegated: the cluster does not serve kafkas.kafka.strimzi.io/v1 and ${pools}/v1; install Strimzi`;
  expect(await seeKafka()).toEqual({ reason: 'BackendOperatorMissing', message });
  await define([{ name: 'v1', served: true }], 'True', 'kafkas.kafka.strimzi.io');
  expect((await seeKafka())?.message).toContain(`does not serve ${pools}/v1; `);
  await define([{ name: 'v1', served: true }], 'True', pools);
  expect(await seeKafka()).toBeUndefined();
});

test('nor over the volumes of a Kafka, whatever runs beside it', async () => {
  await keep('events', 'data-0-driftbox-kafka-brokers-0');
  const both = { ...delegated, kafka: { delegated: {} } };
  const message = expect.stringContaining('driftbox-kafka is gone, and Strimzi would begin with nothing');
  expect(await seeLeft(both, ['driftbox-postgres'])).toEqual({ reason: 'VolumesLeft', message });
  expect(await seeLeft(both, ['driftbox-postgres', 'driftbox-kafka'])).toBeUndefined();
});
