import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTraceReceiver, waitFor, type TraceReceiver } from '@driftbox/testkit';
import { readMetrics, type ScrapedMetric } from '../src/read-metrics.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { startWorld, type World } from '../src/world.ts';

const documented = readFileSync(path.join(projectFolder, 'docs/metrics.md'), 'utf8');
/** What a standalone server does not consist of. */
const elsewhere = new Set(['gateway', 'probe', 'Operator']);
const secretName = 'a-name-that-nobody-may-read';

let world: World;
let traces: TraceReceiver;
let metrics: ReadonlyMap<string, ScrapedMetric>;

beforeAll(async () => {
  traces = await startTraceReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint, OTEL_TRACES_SAMPLER_ARG: '1', OTEL_BSP_SCHEDULE_DELAY: '50' };
  world = await startWorld({ DRIFTBOX_INTERNAL_PORT: '0', ...tracing });
  const file = path.join(projectFolder, 'LICENSE');
  await world.cli.must('put', file, `/${secretName}`);
  await world.cli.must('put', file, '/again');
  await waitFor(async () => {
    metrics = await readMetrics(`${world.server().internal?.metadata ?? ''}/metrics`);
    return metrics.get('driftbox_metadata_operations_total')?.samples.length !== 0;
  });
}, 120_000);
afterAll(async () => {
  await world.close();
  await traces[Symbol.asyncDispose]();
});

test('a trace goes from a commit over its statements and the pool to who hears of it, and tells no name, path or token', async () => {
  const write = await waitFor(() => traces.spans.find(({ name }) => name === 'pool write'));
  const names = (): string[] => traces.spans.filter(({ traceId }) => traceId === write.traceId).map(({ name }) => name);
  await waitFor(() => names().some((name) => name.startsWith('process driftbox.')));
  expect(names()).toEqual(
    expect.arrayContaining(['pool write', 'postgres.append-outbox', 'COMMIT', expect.stringMatching(/^send driftbox\./)]),
  );
  expect(traces.text()).not.toMatch(new RegExp(`${secretName}|LICENSE|eyJ|Bearer|@|${projectFolder}|/tmp/`));
});

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
