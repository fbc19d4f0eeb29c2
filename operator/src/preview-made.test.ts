import { expect, test } from '@jest/globals';
import type { Release } from './helm/index.ts';
import { planMade, type MadeFor } from './preview-made.ts';
import { NotLeading, type Api, type KubeObject } from './runtime/index.ts';

const secret = (password: string): KubeObject & { readonly data: object } => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys', namespace: 'ns' },
  data: { password },
});
const release: Release = { name: 'eu', namespace: 'ns', chart: '', chartDigest: '', values: {} };
const made = (kind: MadeFor['namespace']['kind']): MadeFor => ({
  namespace: kind === 'ours' ? { kind, base: 'b' } : { kind },
  base: [secret('bmV3')],
  manager: 'm',
  releases: [release],
});
const signal = new AbortController().signal;

/** A server that has an older password; `wrote` tells of anything but a dry run. */
function parts(preview: () => Promise<string[]>) {
  const wrote: unknown[] = [];
  const api = {
    get: async () => ({ kind: 'ok', value: secret('b2xk') }),
    apply: async (_kind: unknown, object: KubeObject, options: { readonly dryRun?: boolean }) => {
      if (options.dryRun !== true) wrote.push(object);
      return { kind: 'ok', value: object };
    },
  } as unknown as Api;
  return { api, engine: { preview }, wrote };
}

test('what would change is told a line each, what is in a Secret is not, and nothing is written', async () => {
  const all = parts(async () => ['change Deployment eu-auth: spec.replicas 1 -> 2']);
  const { plan } = await planMade(all, made('ours'), ['first', undefined], signal);
  expect(plan.split('\n')).toEqual(['first', 'change Secret keys: data.password', 'change Deployment eu-auth: spec.replicas 1 -> 2']);
  expect(all.wrote).toEqual([]);
});

test('before there is a namespace nothing is asked for in it', async () => {
  const asked = parts(() => Promise.reject(new Error('it was asked')));
  expect((await planMade(asked, made('absent'), [], signal)).plan.split('\n')).toEqual(['make Secret keys', 'install eu by Helm']);
});

test('what would fail is a part of the plan, a lost lead is not; where nothing would change it says so', async () => {
  const failing = parts(() => Promise.reject(new Error('the chart would make a ClusterRole')));
  expect((await planMade(failing, made('ours'), [], signal)).plan).toBe('then fail: the chart would make a ClusterRole');
  await expect(
    planMade(
      parts(() => Promise.reject(new NotLeading())),
      made('ours'),
      [],
      signal,
    ),
  ).rejects.toThrow(NotLeading);
  expect((await planMade(failing, undefined, [undefined], signal)).plan).toBe('nothing');
});
