import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ruleFile } from '@driftbox/observability';
import { temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { projectFolder } from '../src/standalone-process.ts';
import { startPrometheus, type PrometheusServer } from '../src/start-prometheus.ts';
import { startWorld, type World } from '../src/world.ts';

// The rules as in service, but with every window and patience a sixtieth as long.
const scale = { divisor: 60 };
const deadlineMs = 90_000;

let folder: TemporaryFolder;
let world: World;
let prometheus: PrometheusServer;

/** Leads Prometheus to the server wherever it answers now: its internal port is another one after a restart. */
const door = createServer((_request, response) => {
  const { internal } = world.server();
  fetch(`${internal?.metadata ?? ''}/metrics`)
    .then(async (answer) => response.end(await answer.text()))
    .catch(() => response.writeHead(502).end());
});

beforeAll(async () => {
  folder = await temporaryFolder();
  world = await startWorld({ DRIFTBOX_INTERNAL_PORT: '0' });
  await new Promise<void>((resolve) => {
    door.listen(0, '127.0.0.1', resolve);
  });
  const { port } = door.address() as AddressInfo;
  prometheus = await startPrometheus({
    command: testComponent('prometheus').command,
    folder: folder.path,
    targets: [{ part: 'standalone', addresses: [`127.0.0.1:${port}`] }],
    everySeconds: 1,
    rules: ruleFile(scale),
  });
}, 60_000);
afterAll(async () => {
  await prometheus.stop();
  door.close();
  await world.close();
  await folder.remove();
});

const use = async (): Promise<void> => {
  await world.cli.must('put', path.join(projectFolder, 'LICENSE'), `/${performance.now()}`);
  await world.cli.must('ls', '/');
};
const firing = async (alert: string): Promise<number> => (await prometheus.ask(`ALERTS{alertname="${alert}",alertstate="firing"}`)).length;

test('what people do is recorded by journey, by the names that the services expose', async () => {
  const journeys = ['upload', 'sync', 'freshness'];
  await waitFor(
    async () => {
      await use();
      const seen = await prometheus.ask('count by (journey) (driftbox:journey_timed:rate5m > 0)');
      return journeys.every((name) => seen.some(({ labels }) => labels['journey'] === name));
    },
    { deadlineMs, what: 'traffic of every journey' },
  );
  const failures = await prometheus.ask('driftbox:journey_failures:ratio_rate1h');
  expect(failures.map(({ labels }) => labels['journey'])).toContain('upload');
  expect(failures.every(({ value }) => value === 0)).toBe(true);
  expect(await prometheus.ask('ALERTS{alertstate="firing"}')).toEqual([]);
}, 120_000);

test('a server that is killed raises an alert with its runbook, which resolves when it is back', async () => {
  await world.server().kill();
  await waitFor(async () => (await firing('DriftBoxPartDown')) === 1, { deadlineMs, what: 'the alert' });
  const answer = (await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as {
    data: { alerts: { labels: Record<string, string>; annotations: Record<string, string> }[] };
  };
  const [alert] = answer.data.alerts.filter(({ labels }) => labels['alertname'] === 'DriftBoxPartDown');
  expect(alert?.labels).toMatchObject({ part: 'standalone', severity: 'critical' });
  expect(alert?.annotations).toMatchObject({
    summary: 'No process of standalone answers',
    runbook_url: 'https://driftbox.dev/docs/runbooks/DriftBoxPartDown',
  });
  await world.restart();
  await waitFor(async () => (await firing('DriftBoxPartDown')) === 0, { deadlineMs, what: 'its end' });
}, 240_000);
