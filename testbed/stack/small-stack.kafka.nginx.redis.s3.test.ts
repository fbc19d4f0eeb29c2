import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { routes } from '@driftbox/protocol';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { signUpByApi } from '../src/api-user.ts';
import { rawRequest } from '../src/raw-request.ts';
import { createCli, type Cli } from '../src/run-cli.ts';
import { accessLines } from '../src/start-gateway.ts';
import { trustCertificate } from '../src/trust-certificate.ts';
import { startTusUpload } from '../src/tus-upload.ts';
import { worldPassword } from '../src/world.ts';
import { startStack, type Stack } from './start-stack.ts';

const patience = { deadlineMs: 60_000 };
let folder: TemporaryFolder;
let stack: Stack;
let first: Cli;
let second: Cli;

beforeAll(async () => {
  folder = await temporaryFolder();
  stack = await startStack({ small: true, replicas: 2, innerTls: true, report: () => {} });
  const env = { NODE_EXTRA_CA_CERTS: stack.certificateFile };
  first = createCli(path.join(folder.path, 'first'), env);
  second = createCli(path.join(folder.path, 'second'), env);
}, 180_000);
afterAll(async () => {
  await stack?.stop();
  await folder.remove();
});

test('two devices sign in, put, sync and get over two replicas of every service, which call one another by TLS', async () => {
  const at = (name: string): string => path.join(folder.path, name);
  await writeFile(at('password'), `${worldPassword}\n`, { mode: 0o600 });
  const who = ['--server', stack.address, '--email', 'ada@example.com', '--password-file', at('password')];
  await first.must('signup', ...who, '--name', 'Ada');
  await second.must('login', ...who);

  await writeFile(at('note.txt'), 'kept in a bucket');
  await first.must('put', at('note.txt'), '/note.txt');
  await mkdir(at('box'));
  await mkdir(at('box2'));
  await writeFile(at('box/plan.txt'), 'sail');
  await first.must('sync', at('box'), '--once');
  const live = second.start('sync', at('box2'));
  try {
    await waitFor(() => existsSync(at('box2/plan.txt')), { ...patience, what: 'the first file on the other device' });
    await writeFile(at('box/plan.txt'), 'sail at noon');
    await first.must('sync', at('box'), '--once');
    await waitFor(async () => (await readFile(at('box2/plan.txt'), 'utf8')) === 'sail at noon', { ...patience, what: 'the change' });
  } finally {
    live.kill('SIGINT');
  }
  await second.must('get', '/note.txt', at('got.txt'));
  expect(await readFile(at('got.txt'), 'utf8')).toBe('kept in a bucket');

  const asked = new Set((await accessLines(path.join(stack.folder, 'gateway'))).map((line) => line['upstream']));
  const addresses = [...stack.upstreams.metadata, ...stack.upstreams.upload];
  expect(addresses.filter((address) => !asked.has(address))).toEqual([]);
}, 180_000);

test('a file that comes by tus goes on after every process of upload was killed at once', async () => {
  await trustCertificate(stack.certificateFile);
  const user = await signUpByApi(stack.address, 'tus');
  const { drive } = user.drive;
  const bytes = randomBytes(48 * 2 ** 20);
  let accepted = 0;
  const onChunkComplete = (_size: number, at: number): void => void (accepted = at);
  const upload = startTusUpload(stack.address, user, 'killed.bin', bytes, { onChunkComplete });
  await waitFor(() => accepted > 0, { ...patience, what: 'the first piece' });
  await Promise.all(stack.replicas.upload.map((replica) => replica.kill()));
  expect(accepted).toBeLessThan(bytes.length);
  await Promise.all(stack.replicas.upload.map((replica) => replica.start()));
  await upload.done;
  const { entryId } = await user.client.call(routes.resolvePath, { params: { drive }, query: { path: 'killed.bin' } });
  const content = await rawRequest(stack.address, { path: `/v1/drives/${drive}/entries/${entryId}/content`, token: user.accessToken });
  expect(content.body.equals(bytes)).toBe(true);
});
