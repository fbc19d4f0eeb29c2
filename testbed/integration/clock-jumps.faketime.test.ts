import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { routes } from '@driftbox/protocol';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addWrongClock, type WrongClock } from '../components/servers/faketime.ts';
import { logInByApi, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { rawRequest, type RawAnswer } from '../src/raw-request.ts';
import { worldPassword } from '../src/world.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let folder: TemporaryFolder;
let clock: WrongClock;
let server: OpenServer;
let ada: ApiUser;
beforeAll(async () => {
  folder = await temporaryFolder();
  clock = await addWrongClock(path.join(folder.path, 'clock'));
  server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0', ...clock.environment });
  ada = await signUpByApi(server.address, 'ada');
}, 60_000);
afterAll(async () => {
  await server?.close();
  await folder?.[Symbol.asyncDispose]();
});

/** Sets the clock of the server, not that of its database, and waits until the server shows that time. */
async function setClock(offMs: number): Promise<void> {
  await clock.set(offMs);
  await waitFor(
    async () => {
      const { headers } = await rawRequest(server.address, { path: '/v1/capabilities' });
      return Math.abs(Date.parse(headers['date'] ?? '') - Date.now() - offMs) < 10_000;
    },
    { what: `the clock being off by ${offMs} ms` },
  );
}

const exposition = async (): Promise<string> => (await fetch(`${server.process().internal!.metadata}/metrics`)).text();
const values = (text: string, name: string): number[] =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
const outboxesAreEmpty = () =>
  waitFor(async () => values(await exposition(), 'driftbox_outbox_waiting_events').every((count) => count === 0), {
    deadlineMs: 30_000,
    what: 'every event being published',
  });
const headOf = async ({ client, drive }: ApiUser) => client.call(routes.listChanges, { params: { drive: drive.drive }, query: {} });
const journal = ({ client, drive }: ApiUser, after: string) =>
  client.call(routes.listChanges, { params: { drive: drive.drive }, query: { after } });
const read = (user: ApiUser, path: string): Promise<RawAnswer> => rawRequest(server.address, { path, token: user.accessToken });

async function contentOf(user: ApiUser, name: string): Promise<Buffer> {
  const params = { drive: user.drive.drive };
  const { entryId } = await user.client.call(routes.resolvePath, { params, query: { path: name } });
  return (await read(user, `/v1/drives/${params.drive}/entries/${entryId}/content`)).body;
}

test.each([6 * hourMs, 3 * dayMs, -6 * hourMs, 0])(
  'with a clock off by %d ms, people sign in, write, read, hear of it in order and sign out',
  async (offMs) => {
    const before = await headOf(await logInByApi(server.address, ada, 'before'));
    await setClock(offMs);
    const now = await logInByApi(server.address, ada, 'now');
    const files = Array.from({ length: 3 }, (_, index) => ({ name: `${offMs}-${index}`, bytes: randomBytes(20_000) }));
    for (const file of files) await putFiles(now, [file]);
    for (const { name, bytes } of files) expect((await contentOf(now, name)).equals(bytes)).toBe(true);
    // The cursor is from before the jump.
    const { changes, head } = await journal(now, before.nextCursor);
    expect(changes.map(({ seq }) => seq)).toEqual([1, 2, 3].map((step) => before.head + step));
    expect(head).toBe(before.head + 3);
    await outboxesAreEmpty();
    await now.client.call(routes.logOut);
    for (const path of ['/v1/me', '/v1/drives', `/v1/drives/${now.drive.drive}/changes`]) {
      await waitFor(async () => (await read(now, path)).status === 401, { deadlineMs: 10_000, what: `${path} refusing who signed out` });
    }
  },
  60_000,
);

test('ten wrong passwords while the clock is ahead lock nobody out for longer than a window', async () => {
  const attempt = (password: string): Promise<RawAnswer> =>
    rawRequest(server.address, {
      method: 'POST',
      path: '/v1/login',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ email: eve.email, password, device: { name: 'x', kind: 'other' } })),
    });
  const eve = await signUpByApi(server.address, 'eve');
  await setClock(dayMs);
  for (let count = 0; count < 10; count += 1) expect((await attempt('not the password')).status).toBe(401);
  await setClock(0);
  const refused = await attempt(worldPassword);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(15 * 60);
});

test('killed while its clock is a day ahead, and started with a right one, it publishes, and has what was acknowledged', async () => {
  await setClock(dayMs);
  const ahead = await logInByApi(server.address, ada, 'ahead');
  const bytes = randomBytes(20_000);
  await putFiles(ahead, [{ name: 'ahead', bytes }]);
  await server.process().kill();
  await clock.set(0);
  await server.restart();
  await setClock(0);
  const now = await logInByApi(server.address, ada, 'now');
  expect((await contentOf(now, 'ahead')).equals(bytes)).toBe(true);
  await putFiles(now, [{ name: 'afterwards', bytes }]);
  await outboxesAreEmpty();
}, 120_000);

test('no duration was measured by a clock that jumped', async () => {
  const beganMs = performance.now();
  const user = await logInByApi(server.address, ada, 'now');
  for (const offMs of [dayMs, 0]) {
    await setClock(offMs);
    await putFiles(await logInByApi(server.address, ada, 'then'), [{ name: `measured ${offMs}`, bytes: randomBytes(1_000) }]);
  }
  await read(user, '/v1/me');
  const text = await exposition();
  const mostSeconds = (performance.now() - beganMs) / 1_000 + 60;
  const names = [...text.matchAll(/^# TYPE (\S+_seconds) histogram$/gm)].map(([, name]) => name!);
  // Delays are from a time of day in one process to one in another: these alone may show a jump, but never less than nothing.
  const own = names.filter((name) => !name.endsWith('_delay_seconds'));
  expect(own).toEqual(expect.arrayContaining(['http_server_request_duration_seconds', 'driftbox_metadata_commit_seconds']));
  for (const name of names) for (const sum of values(text, `${name}_sum`)) expect([name, sum >= 0]).toEqual([name, true]);
  for (const name of own) for (const sum of values(text, `${name}_sum`)) expect([name, sum < mostSeconds]).toEqual([name, true]);
}, 60_000);
