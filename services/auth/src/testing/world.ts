import { randomUUID } from 'node:crypto';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { createMemoryMailer } from '@driftbox/mail';
import { routes, type SignedIn } from '@driftbox/protocol';
import { createLogger, signServiceToken } from '@driftbox/service-kit';
import { createTestDatabase, manualClock, type ManualClock, type TestDatabase } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { createAuth, type Auth, type AuthOptions } from '../app.ts';

export const serviceKey = 'a service key of at least thirty-two bytes';
export const password = 'correct horse battery';

type Sent = {
  readonly token?: string;
  readonly tenant?: TenantId;
  readonly body?: unknown;
  readonly params?: Record<string, string>;
  readonly query?: string;
  readonly address?: string;
  readonly cookie?: string;
};
/** What an answer held, for tests to look into; what is not there reads as `undefined`. */
export type Json = ReturnType<typeof JSON.parse>;
export type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly json: Json };

/** Auth with a database of its own, a clock that tests move and mails that they read. */
export type World = {
  readonly auth: Auth;
  readonly db: TestDatabase;
  readonly clock: ManualClock;
  readonly mails: ReturnType<typeof createMemoryMailer>['mails'];
  readonly lines: string[];
  call(name: keyof typeof routes, sent?: Sent): Promise<Answer>;
  /** A new tenant with a policy; answers its id and the first owner's invitation. */
  addTenant(signUp?: 'open' | 'invite' | 'closed', more?: Record<string, unknown>): Promise<{ tenant: TenantId; invitation: string }>;
  /** Signs somebody up at an open tenant. */
  join(tenant: TenantId, email?: string, more?: Record<string, unknown>): Promise<SignedIn>;
  close(): Promise<void>;
};

function hostOf(tenant: TenantId): string {
  return `t-${tenant.slice(0, 8)}.test`;
}

function fill(path: string, params: Record<string, string> = {}): string {
  return path.replaceAll(/:([a-zA-Z]+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
}

function callerOf(auth: Auth): World['call'] {
  return async (name, sent = {}) => {
    const route = routes[name];
    const body = sent.body === undefined ? undefined : JSON.stringify(sent.body);
    const headers: Record<string, string> = {
      host: sent.tenant === undefined ? 'nobody.test' : hostOf(sent.tenant),
      'x-forwarded-for': sent.address ?? '192.0.2.1',
    };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (sent.cookie !== undefined) headers['cookie'] = sent.cookie;
    if (sent.token !== undefined) headers.authorization = `Bearer ${sent.token}`;
    const answer = await auth.service.transport({
      method: route.method,
      path: fill(route.path, sent.params) + (sent.query ?? ''),
      headers,
      body,
    });
    let text = '';
    for await (const piece of answer.body) text += Buffer.from(piece).toString();
    return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) };
  };
}

/** Makes a world; `relay` gives auth its relay's connection, for tests that listen to the bus. */
export async function createWorld({ relay, ...options }: Partial<AuthOptions> & { relay?: boolean } = {}): Promise<World> {
  const db = await createTestDatabase({ service: 'auth', migrations: new URL('../../migrations/', import.meta.url) });
  const clock = manualClock(Date.now());
  const mailer = createMemoryMailer();
  const lines: string[] = [];
  const auth = await createAuth({
    database: db.database,
    relayDatabase: relay === true ? db.relay : undefined,
    mailer,
    log: createLogger({ service: 'auth', level: 'debug', destination: { write: (line: string) => void lines.push(line) } }),
    registry: new Registry(),
    serviceKey,
    signingKeySecret: 'a secret of at least thirty-two bytes!!',
    nowMs: clock.now,
    passwordCost: { memoryKiB: 256, passes: 1 },
    limits: { trustedProxies: 1 },
    checkAnswers: true,
    ...options,
  });

  const call = callerOf(auth);
  return {
    auth,
    db,
    clock,
    mails: mailer.mails,
    lines,
    call,
    async addTenant(signUp = 'open', more = {}) {
      const tenant = parseTenantId(randomUUID())!;
      const answer = await call('putTenantInAuth', {
        token: await signServiceToken(serviceKey, { caller: 'admin' }),
        params: { tenant },
        body: { tenantId: tenant, name: 'Acme', hosts: [hostOf(tenant)], signUp, firstAdministrator: {}, ...more },
      });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.json));
      return { tenant, invitation: answer.json.invitation as string };
    },
    async join(tenant, email = `${randomUUID()}@example.com`, more = {}) {
      const answer = await call('signUp', {
        tenant,
        body: { email, password, displayName: 'Ada', device: { name: 'laptop', kind: 'cli' }, ...more },
      });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.json));
      return answer.json as SignedIn;
    },
    async close() {
      await auth.stop();
      await db.drop();
    },
  };
}
