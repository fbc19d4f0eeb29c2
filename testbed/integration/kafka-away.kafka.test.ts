import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrations } from '@driftbox/auth';
import { applyTopics, createKafkaBus, createKafkaClient, topics, type CloudEvent } from '@driftbox/event-bus';
import { createLogger, signServiceToken, startTracing } from '@driftbox/service-kit';
import {
  createTestDatabase,
  freePorts,
  startServerProcess,
  startTraceReceiver,
  temporaryFolder,
  waitFor,
  type ServerProcess,
  type TemporaryFolder,
  type TestDatabase,
  type TraceReceiver,
} from '@driftbox/testkit';
import { startKafka, type RunningKafka } from '../components/servers/kafka.ts';
import { projectFolder } from '../src/standalone-process.ts';

const tenant = '77777777-7777-4777-8777-777777777777';
const serviceKey = 'the key of a cell that exists in this test alone';
const patience = { deadlineMs: 120_000 };
/** How long the broker is away at least; `npm run accept -- backends` makes minutes of it. */
const awaySeconds = Number(process.env['DRIFTBOX_KAFKA_AWAY_SECONDS'] ?? 3);
/** In each of them people work, and then the outbox is seen to have grown older. */
const rounds = 6;
const changesEach = 20;

let folder: TemporaryFolder;
let kafka: RunningKafka;
let db: TestDatabase;
let auth: ServerProcess;
let address: string;
let internal: string;
let traces: TraceReceiver;

beforeAll(async () => {
  folder = await temporaryFolder();
  traces = await startTraceReceiver();
  kafka = await startKafka(path.join(folder.path, 'kafka'), 1);
  await applyTopics(createKafkaClient({ brokers: kafka.brokers, clientId: 'test' }), topics, { replicas: 1 });
  db = await createTestDatabase({ service: 'auth', migrations });
  const [port = 0, internalPort = 0] = await freePorts(2);
  address = `http://127.0.0.1:${port}`;
  internal = `http://127.0.0.1:${internalPort}`;
  auth = await startServerProcess({
    name: 'auth',
    command: process.execPath,
    args: ['--no-warnings', path.join(projectFolder, 'services/auth/src/main.ts')],
    env: {
      DRIFTBOX_PORT: String(port),
      DRIFTBOX_INTERNAL_PORT: String(internalPort),
      DRIFTBOX_AUTH_DATABASE_URL: urlAs('service'),
      DRIFTBOX_AUTH_RELAY_DATABASE_URL: urlAs('relay'),
      DRIFTBOX_KAFKA_BROKERS: kafka.brokers.join(','),
      DRIFTBOX_SERVICE_KEY: serviceKey,
      DRIFTBOX_SIGNING_KEY_SECRET: 'a secret of at least thirty-two bytes!!',
      DRIFTBOX_DEFAULT_TENANT: tenant,
      DRIFTBOX_MAIL_FOLDER: path.join(folder.path, 'mails'),
      OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
      OTEL_TRACES_SAMPLER_ARG: '1',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
    folder: folder.path,
    port,
    isReady: async () => (await fetch(`${internal}/readyz`)).ok,
  });
}, 180_000);
afterAll(async () => {
  await auth?.stop();
  await kafka?.stop();
  await db?.drop();
  await folder.remove();
  await traces?.[Symbol.asyncDispose]();
});

function urlAs(role: 'service' | 'relay'): string {
  const { user, host = '', port, database } = db.connectionOf('auth', role);
  return `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}

async function send(method: string, url: string, body: object, token?: string): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  expect([method, url, answer.status]).toEqual([method, url, expect.any(Number)]);
  expect(answer.status).toBeLessThan(300);
  return (await answer.json()) as Record<string, string>;
}

/** The gauges of the outbox, as they are scraped. */
async function readOutbox(): Promise<{ ageSeconds: number; waiting: number }> {
  const text = await (await fetch(`${internal}/metrics`)).text();
  const valueOf = (name: string): number => Number(new RegExp(`^driftbox_outbox_${name}\\{service="auth"\\} (\\S+)$`, 'm').exec(text)?.[1]);
  return { ageSeconds: valueOf('age_seconds'), waiting: valueOf('waiting_events') };
}

test(
  'with Kafka down requests succeed and events wait; once it is back all of them arrive, in order',
  async () => {
    const admin = await signServiceToken(serviceKey, { caller: 'admin' });
    await send('PUT', `${internal}/admin/v1/auth/tenants/${tenant}`, { tenantId: tenant, name: 'Acme', hosts: [], signUp: 'open' }, admin);
    const device = { name: 'x', kind: 'cli' };
    const person = { email: 'ada@example.com', password: 'correct horse battery', displayName: 'Ada', device };
    const { accessToken } = await send('POST', `${address}/v1/signup`, person);
    await waitFor(async () => (await readOutbox()).waiting === 0, { ...patience, what: 'the first events to be published' });

    await kafka.nodes[0]!.kill();
    const names: string[] = [];
    const ages = [0];
    for (let round = 1; round <= rounds; round += 1) {
      for (let change = 0; change < changesEach; change += 1) {
        names.push(`Ada ${names.length + 1}`);
        await send('PATCH', `${address}/v1/me`, { displayName: names.at(-1) }, accessToken);
      }
      expect((await fetch(`${internal}/readyz`)).status).toBe(200);
      const wanted = (awaySeconds * round) / rounds;
      const away = await waitFor(
        async () => {
          const outbox = await readOutbox();
          return outbox.ageSeconds > Math.max(wanted, ages.at(-1)!) ? outbox : undefined;
        },
        { deadlineMs: awaySeconds * 1_000 + patience.deadlineMs, longestPauseMs: 500, what: `the outbox to be ${wanted} s old` },
      );
      expect(away.waiting).toBe(names.length);
      ages.push(away.ageSeconds);
    }

    await kafka.nodes[0]!.start();
    await waitFor(async () => (await readOutbox()).waiting === 0, { ...patience, what: 'the outbox to be published' });
    expect((await readOutbox()).ageSeconds).toBe(0);
    const target = { url: `${traces.endpoint}/v1/traces`, headers: {}, ratio: 1, gatherMs: 50 };
    const tracing = await startTracing(target, 'listener', createLogger({ service: 'listener', level: 'silent' }));
    const bus = createKafkaBus({ brokers: kafka.brokers, clientId: 'test' });
    const heard = new Map<string, string>();
    const handler = async (event: CloudEvent): Promise<void> => {
      // Delivery is at least once: the first of each id is what counts.
      if (event.type === 'user.updated' && !heard.has(event.id)) heard.set(event.id, (event.data as { displayName: string }).displayName);
    };
    await bus.subscribe({ group: 'late', topics: ['driftbox.accounts'], handler });
    await waitFor(() => heard.size >= names.length, { ...patience, what: 'all events' });
    expect([...heard.values()]).toEqual(names);
    await bus.close();
    await tracing.stop();

    // One trace from the request over the outbox and Kafka to another process, though the event waited for long.
    const handled = await waitFor(() => traces.spans.findLast(({ process }) => process === 'listener'));
    const trace = traces.spans.filter(({ traceId }) => traceId === handled.traceId);
    const one = (name: string) => trace.find((span) => span.name === name)!;
    const [request, sent] = [one('PATCH /v1/me'), one('send driftbox.accounts')];
    expect([request.process, sent.process, handled.name]).toEqual(['auth', 'auth', 'process driftbox.accounts']);
    expect(one('postgres.append-outbox').parentSpanId).toBe(request.spanId);
    expect(sent.parentSpanId).toBe(request.spanId);
    expect(handled.parentSpanId).toBe(sent.spanId);
    expect(traces.text()).not.toMatch(/Ada|ada@|correct horse|eyJ/);
  },
  awaySeconds * 1_000 + 300_000,
);
