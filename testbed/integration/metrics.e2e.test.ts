import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { readMetrics, type ScrapedMetric } from '../src/read-metrics.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { startWorld, type World } from '../src/world.ts';

const documented = readFileSync(path.join(projectFolder, 'docs/metrics.md'), 'utf8');
/** What a standalone server does not consist of. */
const elsewhere = new Set(['gateway', 'Operator']);
const secretName = 'a-name-that-nobody-may-read';

let world: World;
let metrics: ReadonlyMap<string, ScrapedMetric>;

beforeAll(async () => {
  world = await startWorld({ DRIFTBOX_INTERNAL_PORT: '0' });
  const file = path.join(projectFolder, 'LICENSE');
  await world.cli.must('put', file, `/${secretName}`);
  await world.cli.must('put', file, '/again');
  await waitFor(async () => {
    metrics = await readMetrics(`${world.server().internal?.metadata ?? ''}/metrics`);
    return metrics.get('driftbox_metadata_operations_total')?.samples.length !== 0;
  });
});
afterAll(() => world.close());

test('docs/metrics.md lists what is exposed, and nothing else', () => {
  const sections = documented.split(/^## /m).slice(1);
  const listed = sections
    .filter((section) => !elsewhere.has(section.split('\n')[0] ?? ''))
    .flatMap((section) => [...section.matchAll(/^\| `(\S+)` \| (\w+) /gm)].map(([, name, type]) => [name, type]));
  const exposed = [...metrics].filter(([name]) => !/^(process|nodejs)_/.test(name)).map(([name, { type }]) => [name, type]);
  expect(exposed.sort()).toEqual(listed.sort());
});

test('names end with their unit or count, and counters say that they are', () => {
  for (const [name, { type }] of metrics) {
    if (/^(process|nodejs)_/.test(name)) continue;
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    if (type === 'counter') expect(name).toMatch(/_total$/);
    else expect(name).not.toMatch(/_total$/);
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
  }
});

test('labels have few values, and none is an id, an address or a name', () => {
  for (const [name, { samples }] of metrics) {
    expect([name, samples.length < 1_500]).toEqual([name, true]);
    for (const value of samples.flatMap((labels) => Object.values(labels))) {
      expect(value).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{16}|@|\/[a-z]/i);
      expect(value).not.toContain(secretName);
    }
  }
});
