import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ruleFile } from '@driftbox/observability';
import { temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { demandedPanels, emptyPanels } from '../src/empty-panels.ts';
import { packsOnDisk } from '../src/packs-on-disk.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { startPrometheus, type PrometheusServer } from '../src/start-prometheus.ts';
import { startProbe, type ProbeProcess } from '../src/start-probe.ts';
import { startWorld, worldPassword, type World } from '../src/world.ts';

// The rules as in service, but with every window and patience a sixtieth as long.
const scale = { divisor: 60 };
const deadlineMs = 90_000;

/** What a standalone server has none of: it is asked for on a stack, in `accept`. */
const elsewhere = ['driftbox_gateway_'];

let folder: TemporaryFolder;
let world: World;
let prometheus: PrometheusServer;
let probe: ProbeProcess;

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
  const { address, email } = world;
  probe = await startProbe({ address, email, password: worldPassword, everySeconds: 1, folder: folder.path });
  prometheus = await startPrometheus({
    command: testComponent('prometheus').command,
    folder: folder.path,
    targets: [
      { part: 'standalone', addresses: [`127.0.0.1:${port}`] },
      { part: 'probe', addresses: [probe.internal] },
    ],
    everySeconds: 1,
    rules: ruleFile(scale),
  });
}, 120_000);
afterAll(async () => {
  await prometheus?.stop();
  await probe?.stop();
  door.close();
  await world.close();
  await folder.remove();
});

const use = async (): Promise<void> => {
  await world.cli.must('put', path.join(projectFolder, 'LICENSE'), `/${performance.now()}`);
  await world.cli.must('ls', '/');
};
const stepsThatWork = async (): Promise<number> => (await prometheus.ask('driftbox_probe_step_ok == 1')).length;
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
  // How fast it is depends on the machine.
  expect(await prometheus.ask('ALERTS{alertstate="firing",alertname!~"DriftBoxJourneyLate.*"}')).toEqual([]);
}, 120_000);

test('every question of a dashboard is answered with data', async () => {
  // Something that is refused, and something so large that it is asked about before it is sent.
  const large = path.join(folder.path, 'large');
  await writeFile(large, randomBytes(9 << 20));
  await world.cli.run('get', '/there-is-no-such-file', path.join(folder.path, 'none'));
  await waitFor(
    async () => {
      await world.cli.must('put', large, `/large-${performance.now()}`);
      await use();
      expect(await emptyPanels(prometheus, demandedPanels(elsewhere))).toEqual([]);
      return true;
    },
    { deadlineMs, what: 'data in every panel' },
  );
}, 120_000);

test('a server that is killed raises an alert with its runbook, which resolves when it is back', async () => {
  await waitFor(async () => (await stepsThatWork()) === 7, { deadlineMs, what: 'every step of the probe to work' });
  await world.server().kill();
  await waitFor(async () => (await firing('DriftBoxPartDown')) === 1, { deadlineMs, what: 'the alert' });
  // Nobody can sign in, nor could whoever was in the middle of something go on.
  await waitFor(async () => (await firing('DriftBoxProbeFailing')) > 0, { deadlineMs, what: 'the alert of the probe' });
  const answer = (await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as {
    data: { alerts: { labels: Record<string, string>; annotations: Record<string, string> }[] };
  };
  const [alert] = answer.data.alerts.filter(({ labels }) => labels['alertname'] === 'DriftBoxPartDown');
  expect(alert?.labels).toMatchObject({ part: 'standalone', severity: 'critical' });
  expect(alert?.annotations).toMatchObject({
    summary: 'No process of standalone answers',
    runbook_url: 'https://driftbox.dev/docs/runbooks/DriftBoxPartDown',
    dashboard_path: '/d/driftbox-platform?viewPanel=201&var-cell=stack',
  });
  await world.restart();
  for (const alert of ['DriftBoxPartDown', 'DriftBoxProbeFailing']) {
    await waitFor(async () => (await firing(alert)) === 0, { deadlineMs, what: `the end of ${alert}` });
  }
  expect(await stepsThatWork()).toBe(7);
}, 240_000);

test('one pack that is damaged raises the alert of lost bytes, though somebody read of it but once', async () => {
  const file = path.join(folder.path, 'small');
  await writeFile(file, randomBytes(3_000));
  const before = new Set(await packsOnDisk(world.dataFolder));
  await world.cli.must('put', file, '/damaged');
  const made = (await packsOnDisk(world.dataFolder)).filter((pack) => !before.has(pack));
  expect(made.length).toBeGreaterThan(0);
  for (const pack of made) await writeFile(pack, 'damaged');
  expect(await firing('DriftBoxBytesLost')).toBe(0);
  expect((await world.cli.run('get', '/damaged', path.join(folder.path, 'copy'))).code).not.toBe(0);
  await waitFor(async () => (await firing('DriftBoxBytesLost')) === 1, { deadlineMs, what: 'the alert of lost bytes' });
}, 120_000);
