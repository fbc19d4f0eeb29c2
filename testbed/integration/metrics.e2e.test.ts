import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { startTraceReceiver, waitFor, type TraceReceiver } from '@driftbox/testkit';
import { readMetrics, type ScrapedMetric } from '../src/read-metrics.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { targetHas } from '../src/target/needs.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { startWorld, type World } from '../src/world.ts';

const documented = readFileSync(path.join(projectFolder, 'docs/metrics.md'), 'utf8');
/** What a standalone server does not consist of. */
const elsewhere = new Set(['gateway', 'probe', 'Operator']);
/** Queues and caches of processes that call each other, and of the gateway. */
const elsewhereNamed = ['calls', 'tenant_limits'];
const secretName = 'a-name-that-nobody-may-read';

const ownServerTest = testThatNeeds('ownServer');
let world: World | undefined;
let traces: TraceReceiver | undefined;
let metrics: ReadonlyMap<string, ScrapedMetric>;

beforeAll(async () => {
  if (!targetHas('ownServer')) return;
  traces = await startTraceReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint, OTEL_TRACES_SAMPLER_ARG: '1', OTEL_BSP_SCHEDULE_DELAY: '50' };
  const started = await startWorld({ DRIFTBOX_INTERNAL_PORT: '0', ...tracing });
  world = started;
  const file = path.join(projectFolder, 'LICENSE');
  await started.cli.must('put', file, `/${secretName}`);
  await started.cli.must('put', file, '/again');
  await waitFor(async () => {
    metrics = await readMetrics(`${started.server().internal?.metadata ?? ''}/metrics`);
    return metrics.get('driftbox_metadata_operations_total')?.samples.length !== 0;
  });
}, 120_000);
afterAll(async () => {
  await world?.close();
  await traces?.[Symbol.asyncDispose]();
});

ownServerTest('a trace goes from a commit over statements and pool to who hears of it, and tells no name, path or token', async () => {
  const received = traces!;
  const write = await waitFor(() => received.spans.find(({ name }) => name === 'pool write'));
  const names = (): string[] => received.spans.filter(({ traceId }) => traceId === write.traceId).map(({ name }) => name);
  await waitFor(() => names().includes('hear hint') && names().some((name) => name.startsWith('process driftbox.')));
  expect(names()).toEqual(
    expect.arrayContaining(['pool write', 'postgres.append-outbox', 'COMMIT', expect.stringMatching(/^send driftbox\./)]),
  );
  expect(received.text()).not.toMatch(new RegExp(`${secretName}|LICENSE|eyJ|Bearer|@|${projectFolder}|/tmp/`));
});

ownServerTest('docs/metrics.md lists what is exposed, and nothing else', async () => {
  const sections = documented.split(/^## /m).slice(1);
  const listed = sections
    .filter((section) => !elsewhere.has(section.split('\n')[0] ?? ''))
    .flatMap((section) => [...section.matchAll(/^\| `(\S+)` \| (\w+) /gm)].map(([, name, type]) => [name, type]));
  const exposed = [...metrics].filter(([name]) => !/^(process|nodejs)_/.test(name)).map(([name, { type }]) => [name, type]);
  expect(exposed.sort()).toEqual(listed.sort());
});

ownServerTest('it says what each queue and cache means, and nothing else is one', async () => {
  const named = [...documented.matchAll(/^- `(\w+)`: /gm)].map(([, name = '']) => name);
  const shown = [...metrics.values()].flatMap(({ samples }) => samples.flatMap(({ queue, cache }) => queue ?? cache ?? []));
  expect([...new Set(shown)].sort()).toEqual(named.filter((name) => !elsewhereNamed.includes(name)).sort());
});

ownServerTest('names end with their unit or count, and counters say that they are', async () => {
  for (const [name, { type }] of metrics) {
    if (/^(process|nodejs)_/.test(name)) continue;
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    if (type === 'counter') expect(name).toMatch(/_total$/);
    else expect(name).not.toMatch(/_total$/);
    if (type === 'histogram') expect(name).toMatch(/_(seconds|changes)$/);
  }
});

ownServerTest('labels have few values, and none is an id, an address or a name', async () => {
  for (const [name, { samples }] of metrics) {
    expect([name, samples.length < 1_500]).toEqual([name, true]);
    for (const value of samples.flatMap((labels) => Object.values(labels))) {
      expect(value).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{16}|@|\/[a-z]/i);
      expect(value).not.toContain(secretName);
    }
  }
});
