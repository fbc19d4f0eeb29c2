import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { connectRedis, type Redis } from '@driftbox/redis';
import { kinds } from '@driftbox/resources';
import { testComponent, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { projectFolder } from '../src/standalone-process.ts';

// Argo CD's rules are Lua 5.1, and so is what Redis runs.
type Health = { readonly status: string; readonly message: string };

let redis: Redis;
let blocks: readonly string[];
beforeAll(async () => {
  redis = connectRedis(testComponent('redis').url, () => {});
  await waitFor(async () => (await redis.ping()) === 'PONG', { what: 'a connection' });
  const page = await readFile(path.join(projectFolder, 'docs/gitops.md'), 'utf8');
  blocks = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text]) => text ?? '');
});
afterAll(() => redis?.disconnect());

const rules = (): Readonly<Record<string, string>> => (parse(blocks[1] ?? '') as { readonly data: Readonly<Record<string, string>> }).data;

async function judge(status: object | undefined): Promise<Health> {
  const rule = rules()['resource.customizations.health.driftbox.io_Tenant'] ?? '';
  const script = `local obj = cjson.decode(ARGV[1])\nlocal health = (function()\n${rule}\nend)()\nreturn cjson.encode(health)`;
  const tenant = { metadata: { name: 'acme', generation: 2 }, ...(status === undefined ? {} : { status }) };
  return JSON.parse(String(await redis.eval(script, 0, JSON.stringify(tenant)))) as Health;
}

test('every kind has a rule for Argo CD, the same for all', () => {
  expect(Object.keys(rules()).toSorted()).toEqual(kinds.map(({ kind }) => `resource.customizations.health.driftbox.io_${kind}`).toSorted());
  expect(new Set(Object.values(rules())).size).toBe(1);
});

test.each([
  ['True', 'Succeeded', 'Healthy'],
  ['False', 'Progressing', 'Progressing'],
  ['False', 'Waiting', 'Progressing'],
  ['False', 'Suspended', 'Suspended'],
  ['False', 'Stalled', 'Degraded'],
  ['False', 'Failing', 'Degraded'],
  ['False', 'Late', 'Degraded'],
  ['Unknown', 'Waiting', 'Progressing'],
])('Ready=%s/%s is %s', async (status, reason, health) => {
  const conditions = [
    { type: 'Placed', status: 'True', reason: 'Placed', message: 'in Cell eu' },
    { type: 'Ready', status, reason, message: 'why' },
  ];
  expect(await judge({ observedGeneration: 2, conditions })).toEqual({ status: health, message: 'why' });
  expect((await judge({ observedGeneration: 1, conditions })).status).toBe('Progressing');
});

test('what nobody has looked at yet is not healthy', async () => {
  for (const status of [undefined, { observedGeneration: -1 }]) expect((await judge(status)).status).toBe('Progressing');
});

test('every sample carries what keeps it from being pruned, as the page says', async () => {
  const { metadata } = parse(blocks[0] ?? '') as { readonly metadata: { readonly annotations: object } };
  expect(Object.keys(metadata.annotations)).toHaveLength(2);
  const folder = path.join(projectFolder, 'crds/samples');
  for (const file of await readdir(folder)) {
    for (const document of parseAllDocuments(await readFile(path.join(folder, file), 'utf8'))) {
      const sample = document.toJS() as { readonly kind: string; readonly metadata: { readonly annotations?: object } };
      expect([file, sample.kind, sample.metadata.annotations]).toEqual([file, sample.kind, expect.objectContaining(metadata.annotations)]);
    }
  }
});
