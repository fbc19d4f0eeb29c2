import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createAuth, migrations, type Auth } from '@driftbox/auth';
import { createClient, httpTransport } from '@driftbox/api-client';
import { runProgram } from '@driftbox/cli';
import { parseTenantId } from '@driftbox/domain';
import { createMemoryMailer } from '@driftbox/mail';
import { routes } from '@driftbox/protocol';
import { createLogger, signServiceToken } from '@driftbox/service-kit';
import { createTestDatabase, temporaryFolder, type TemporaryFolder, type TestDatabase } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { startOidcProvider, type OidcProvider } from '../components/servers/oidc.ts';
import { openBrowser, passProvider } from '../src/browser.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const tenant = parseTenantId(randomUUID())!;
let folder: TemporaryFolder;
let db: TestDatabase;
let auth: Auth;
let provider: OidcProvider;
let server: string;
let invitation: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  db = await createTestDatabase({ service: 'auth', migrations });
  auth = await createAuth({
    database: db.database,
    mailer: createMemoryMailer(),
    log: createLogger({ service: 'auth', level: 'silent' }),
    registry: new Registry(),
    serviceKey,
    signingKeySecret: 'a secret of at least thirty-two bytes!!',
    defaultTenantId: tenant,
    originOf: (host) => `http://${host}`,
    privateIssuerHosts: ['127.0.0.1'],
    passwordCost: { memoryKiB: 256, passes: 1 },
    checkAnswers: true,
  });
  const { port } = await auth.service.listen({ host: '127.0.0.1', port: 0 });
  server = `http://127.0.0.1:${port}`;
  provider = await startOidcProvider([`${server}/v1/oauth/corp/callback`]);
  const token = () => signServiceToken(serviceKey, { caller: 'admin', tid: tenant });
  const body = { tenantId: tenant, name: 'Acme', hosts: [], signUp: 'open' as const, firstAdministrator: {} };
  const answer = await createClient({ transport: auth.service.transport }).call(routes.putTenantInAuth, {
    params: { tenant },
    body,
    token,
  });
  assert(answer.invitation !== undefined);
  ({ invitation } = answer);
  await writeFile(`${folder.path}/password`, 'correct horse battery');
  await writeFile(`${folder.path}/secret`, `${provider.clientSecret}\n`);
}, 60_000);
afterAll(async () => {
  await provider?.stop();
  await auth?.stop();
  await db?.drop();
  await folder?.remove();
});

/** The command line of somebody, in this process; `shown` hears each line for people as it comes. */
async function driftbox(who: string, args: string[], shown: (line: string) => void = () => undefined) {
  let [out, errors] = ['', ''];
  const code = await runProgram([...args, '--json'], {
    env: { DRIFTBOX_CONFIG_DIR: `${folder.path}/${who}` },
    signal: AbortSignal.timeout(60_000),
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (shown(text), (errors += text)) },
  });
  return { code, out, errors, json: out === '' ? undefined : (JSON.parse(out) as { account?: Record<string, unknown> }) };
}

const isOurs = (url: string): boolean => url.startsWith(server) || url.startsWith(provider.issuer);

/** `driftbox login --oidc corp` with a browser in which `name` signs in. */
async function login(who: string, name: string, ...more: string[]) {
  const browsing: Promise<unknown>[] = [];
  const result = await driftbox(who, ['login', '--server', server, '--oidc', 'corp', '--no-browser', ...more], (text) => {
    const address = /http:\S+\/start\S+/.exec(text)?.[0];
    if (address !== undefined) browsing.push(passProvider(openBrowser(isOurs), address, name).then((url) => fetch(url)));
  });
  await Promise.all(browsing);
  return result;
}

const passwordFile = () => ['--password-file', `${folder.path}/password`];

test('an owner sets an issuer, and its people sign in by the command line and the browser', async () => {
  const signup = ['signup', '--server', server, '--email', 'owner@example.com', '--invitation', invitation, ...passwordFile()];
  expect(await driftbox('owner', signup)).toMatchObject({ code: 0 });
  const put = ['admin', 'issuers', 'put', 'corp', '--issuer', provider.issuer, '--client-id', provider.clientId];
  expect(await driftbox('owner', [...put, '--client-secret-file', `${folder.path}/secret`])).toMatchObject({ code: 0 });
  const ada = await login('ada', 'ada');
  expect([ada.code, ada.json?.account]).toMatchObject([0, { email: 'ada@example.com', emailVerified: true, displayName: 'ada' }]);
  expect((await driftbox('ada', ['whoami'])).json).toMatchObject({ account: { email: 'ada@example.com' } });
  const again = await login('elsewhere', 'ada');
  expect(again.json?.account?.['userId']).toBe(ada.json?.account?.['userId']);
  expect(await driftbox('ada', ['logout'])).toMatchObject({ code: 0 });
  expect((await driftbox('ada', ['whoami'])).code).toBe(3);
  expect((await driftbox('elsewhere', ['whoami'])).code).toBe(0);
});

test('an address that is not verified, and an account of another, are not had for the asking', async () => {
  const stranger = await login('stranger', 'unverified-eve');
  expect([stranger.code, stranger.errors]).toEqual([3, expect.stringContaining('has not verified your e-mail address')]);
  const grace = ['signup', '--server', server, '--email', 'grace@example.com', ...passwordFile()];
  const { account } = (await driftbox('grace', grace)).json!;
  await writeFile(`${folder.path}/wrong`, 'a wrong password');
  expect((await login('eve', 'grace', '--password-file', `${folder.path}/wrong`)).code).toBe(3);
  expect((await login('grace', 'grace', ...passwordFile())).json).toMatchObject({ account: { userId: account?.['userId'] } });
  expect((await login('grace', 'grace')).json).toMatchObject({ account: { userId: account?.['userId'] } });
});

test('another nonce, and an answer that comes twice, end in no code', async () => {
  const query = () =>
    new URLSearchParams({
      redirectUri: 'http://127.0.0.1:1/callback',
      codeChallenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
      state: 'the-clients-own',
    }).toString();
  const isProvider = (url: string): boolean => url.startsWith(provider.issuer);
  const visit = openBrowser(isProvider);
  const begin = () => fetch(`${server}/v1/oauth/corp/start?${query()}`, { redirect: 'manual' });
  const errorOf = (answer: Response): string | null => new URL(answer.headers.get('location') ?? '').searchParams.get('error');
  const end = (url: string, begun: Response): Promise<Response> =>
    fetch(url, { redirect: 'manual', headers: { cookie: begun.headers.getSetCookie()[0]!.split(';')[0]! } });

  const forged = await begin();
  const address = new URL(forged.headers.get('location')!);
  address.searchParams.set('nonce', 'of-somebody-else');
  expect(errorOf(await end(await passProvider(visit, address.href, 'mallory'), forged))).toBe('access_denied');

  const honest = await begin();
  const back = await passProvider(openBrowser(isProvider), honest.headers.get('location')!, 'mallory');
  expect(errorOf(await end(back, honest))).toBeNull();
  expect(errorOf(await end(back, honest))).toBe('access_denied');
});

test('a client that gives up, or asks an issuer that there is not, is told so', async () => {
  const none = await createClient({ transport: httpTransport(server), retry: { attempts: 1 } })
    .call(routes.startSignIn, {
      params: { issuer: 'none' },
      query: { redirectUri: 'http://127.0.0.1:1/', codeChallenge: 'x'.repeat(43), state: 'abcdefgh' },
    })
    .catch((error: unknown) => error);
  expect(none).toMatchObject({ code: 'not_found' });
  const refused = await driftbox('owner', ['admin', 'issuers', 'put', 'corp']);
  expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining('--issuer URL and --client-id ID')]);
});
