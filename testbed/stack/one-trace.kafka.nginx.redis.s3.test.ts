import { connectHints, type Hints } from '@driftbox/api-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger, startTracing, type Tracing } from '@driftbox/service-kit';
import { startTraceReceiver, waitFor, type ReceivedSpan, type TraceReceiver } from '@driftbox/testkit';
import { putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { registerTenant } from '../src/register-tenant.ts';
import { trustCertificate } from '../src/trust-certificate.ts';
import { worldPassword } from '../src/world.ts';
import { startStack, type Stack } from './start-stack.ts';

const patience = { deadlineMs: 60_000 };
const secretName = 'a-name-that-nobody-may-read';

let traces: TraceReceiver;
let stack: Stack;
let device: Tracing;
let ada: ApiUser;
let hints: Hints;
let unread = 0;

beforeAll(async () => {
  traces = await startTraceReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint, OTEL_TRACES_SAMPLER_ARG: '1', OTEL_BSP_SCHEDULE_DELAY: '50' };
  stack = await startStack({ small: true, replicas: 1, tracing, report: () => {} });
  await trustCertificate(stack.certificateFile);
  // So little that the first file is more than four fifths of it, which a person is told of.
  const { tenantId, host } = stack.tenant;
  await registerTenant(stack, host, { tenantId, name: 'stack', limits: { userBytes: 1_000 } });
  ada = await signUpByApi(stack.address, 'ada');
  // This process is a device that traces.
  const target = { url: `${traces.endpoint}/v1/traces`, headers: {}, ratio: 1, gatherMs: 50 };
  device = await startTracing(target, 'device', createLogger({ service: 'device', level: 'silent' }));
  hints = connectHints({
    address: stack.address,
    token: async () => ada.accessToken,
    onHint: () => {},
    onDrivesChanged: () => {},
    onNotice: (count) => (unread = count),
  });
  await waitFor(() => hints.state === 'socket', patience);
}, 180_000);
afterAll(async () => {
  await hints?.close();
  await device?.stop();
  await stack?.stop();
  await traces?.[Symbol.asyncDispose]();
});

/** From a span up to the first of its trace: what each is called, and in which process. */
function wayUp(of: ReceivedSpan): string[] {
  const above = traces.spans.find(({ spanId, traceId }) => spanId === of.parentSpanId && traceId === of.traceId);
  return [`${of.process}: ${of.name}`, ...(above === undefined ? [] : wayUp(above))];
}

/** The span of this name in this process, of this trace, once it has been received. */
function received(process: string, name: string, traceId: string): Promise<ReceivedSpan> {
  const isIt = (span: ReceivedSpan): boolean => span.process === process && span.name === name && span.traceId === traceId;
  return waitFor(() => traces.spans.find(isIt), { ...patience, what: `${name} of ${process}` });
}

/** Waits until all spans of this way up have been received, whichever process sends its own first. */
async function expectWay(of: ReceivedSpan, way: unknown): Promise<void> {
  const isIt = (): boolean => {
    expect(wayUp(of)).toEqual(way);
    return true;
  };
  await waitFor(isIt, patience);
}

test('one trace goes from a commit over the outbox and Kafka to the notification on a socket', async () => {
  await putFiles(ada, [{ name: secretName, bytes: Buffer.alloc(900, 7) }]);
  await waitFor(() => unread > 0, { ...patience, what: 'the notice' });
  const { traceId } = await waitFor(() => traces.spans.find(({ name }) => name === 'pool write'), patience);
  const request = [
    'metadata: POST /internal/v1/drives/:drive/commits',
    'upload: POST /internal/v1/drives/:drive/commits',
    'upload: POST /v1/drives/:drive/commits',
  ];
  await expectWay(await received('device', 'process notice', traceId), [
    'device: process notice',
    'sync: send notice',
    'sync: process driftbox.notices',
    'notification: send driftbox.notices',
    'notification: process driftbox.files',
    'metadata: send driftbox.files',
    ...request,
  ]);
  // By Redis or, where that was slower, by Kafka.
  const hint = await received('device', 'process hint', traceId);
  await expectWay(hint, expect.arrayContaining(['device: process hint', 'sync: send hint', ...request]));
  for (const [process, name] of [
    ['metadata', 'metadata.write-commit'],
    ['metadata', 'postgres.append-outbox'],
    ['metadata', 'COMMIT'],
    ['metadata', 'publish hint'],
    ['notification', 'notification.insert-notifications'],
  ] as const)
    await received(process, name, traceId);
}, 120_000);

test('what is sent and heard says by what means, and no span tells a name, an address or a token', () => {
  const messages = traces.spans.filter(({ name }) => /^(send|process) /.test(name));
  expect(new Set(messages.map(({ attributes }) => attributes['messaging.system']))).toEqual(new Set(['kafka', 'socket.io']));
  for (const { attributes } of messages) {
    expect(attributes).toMatchObject({
      'messaging.operation.name': expect.stringMatching(/^(send|process)$/),
      'messaging.operation.type': expect.stringMatching(/^(send|process)$/),
      'messaging.destination.name': expect.stringMatching(/^(driftbox\.[a-z]+|hint|notice)$/),
    });
  }
  const stores = traces.spans.flatMap(({ attributes }) => attributes['db.system.name'] ?? []);
  expect([...new Set(stores)].sort()).toEqual(['postgresql', 'redis']);
  expect(traces.text()).not.toMatch(new RegExp(`${secretName}|eyJ|Bearer|@example|${worldPassword}`));
});
