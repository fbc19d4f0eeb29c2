import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  applyTopics,
  BusUnavailable,
  createKafkaBus,
  createKafkaClient,
  topics,
  tryKafka,
  type CloudEvent,
  type KafkaOptions,
} from '../index.ts';

const { broker, authority, username, password } = testComponent('kafka').secure;
const sasl = { mechanism: 'SCRAM-SHA-512', username, password } as const;
const options: KafkaOptions = { brokers: [broker], clientId: 'test', tls: { ca: [authority] }, sasl };
const plain = testComponent('kafka').brokers[0] ?? '';
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  await Promise.all([writeFile(at('ca.crt'), authority), writeFile(at('password'), `${password}\n`), writeFile(at('wrong'), 'wrong')]);
});
afterAll(() => folder.remove());

const at = (name: string): string => path.join(folder.path, name);

const event: CloudEvent = {
  specversion: '1.0',
  source: '/test',
  type: 'test',
  datacontenttype: 'application/json',
  tenant: 't',
  id: randomUUID(),
  time: new Date().toISOString(),
  partitionkey: 'k',
  data: 7,
};

test('by TLS and SCRAM events are published and heard', async () => {
  const topic = `test.${randomUUID()}`;
  await applyTopics(createKafkaClient(options), [{ name: topic, partitions: 1, retention: { days: 1 } }], { replicas: 1 });
  const bus = createKafkaBus(options);
  try {
    const heard: unknown[] = [];
    await bus.subscribe({ group: randomUUID(), topics: [topic], handler: async ({ data }) => void heard.push(data) });
    await bus.publish(topic, 'k', event);
    await waitFor(() => heard.length > 0, { deadlineMs: 30_000, what: 'the event' });
    expect(heard).toEqual([7]);
  } finally {
    await bus.close();
  }
}, 60_000);

test('whoever is not let in hears why', async () => {
  await tryKafka(options);
  const port = broker.split(':')[1];
  for (const [wrong, why] of [
    [{ tls: true }, 'self-signed certificate'],
    [{ brokers: [`127.0.0.1:${port}`] }, "does not match certificate's altnames"],
    [{ sasl: { ...sasl, password: 'wrong' } }, 'invalid credentials with SASL mechanism SCRAM-SHA-512'],
    [{ sasl: undefined }, 'Closed connection'],
    [{ brokers: [plain], sasl: undefined }, 'before secure TLS connection was established'],
    [{ brokers: [`127.0.0.1:${await freePort()}`] }, 'ECONNREFUSED'],
  ] as const)
    await expect(tryKafka({ ...options, ...wrong })).rejects.toThrow(why);
}, 60_000);

test('a bus that is not let in refuses to publish', async () => {
  const told: string[] = [];
  const bus = createKafkaBus({
    ...options,
    sasl: { ...sasl, password: 'wrong' },
    publishTimeoutMs: 5_000,
    warn: (message) => told.push(message),
  });
  await expect(bus.publish('driftbox.files', 'k', event)).rejects.toBeInstanceOf(BusUnavailable);
  await bus.close();
  expect(told.join()).toContain('invalid credentials');
}, 60_000);

/** `npm run events`, trusting what is named and nothing else of the test's. */
async function events(
  file: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const main = path.resolve(import.meta.dirname, '../main.ts');
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: at(file) };
  const login = ['--brokers', broker, '--tls', '--username', username];
  return promisify(execFile)(process.execPath, ['--no-warnings', main, 'dead-letters', ...login, ...args], { env }).then(
    (done) => ({ code: 0, ...done }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

test('the command logs in with a password from a file, and says what is wrong', async () => {
  const own = ['--password-file', at('password')];
  await applyTopics(createKafkaClient(options), topics, { replicas: 1 });
  expect(await events('ca.crt', ...own)).toMatchObject({ code: 0 });
  const refused = await events('ca.crt', '--password-file', at('wrong'));
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('invalid credentials') });
  expect(await events('none', ...own)).toMatchObject({ code: 1, stderr: expect.stringContaining('self-signed certificate') });
  expect(await events('ca.crt')).toMatchObject({ code: 2, stderr: expect.stringContaining('--username and --password-file go together') });
  expect(await events('ca.crt', ...own, '--mechanism', 'MD5')).toMatchObject({ code: 2, stderr: expect.stringContaining('not MD5') });
}, 120_000);
