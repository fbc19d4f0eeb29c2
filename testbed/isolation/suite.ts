import { isInternal, routes, type Route } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { visibleState } from '../src/refusal.ts';
import { owned } from './owned.ts';
import { settle, withOthersIds, type Resident } from './resident.ts';
import { sampleRequests } from './sample-requests.ts';
import { createSender, type Answer, type IsolationTarget, type Request } from './target.ts';

/** Two tenants somewhere, a person in each, and how they ask. */
type Scene = {
  target: IsolationTarget;
  victim: Resident;
  intruder: Resident;
  readonly send: (address: string, request: Request) => Promise<Answer>;
};

const every = Object.entries<Route>(routes);
const open = every.filter(([, route]) => route.auth === 'none');
/** What ends things comes last: the others name them. */
const forUsers = every
  .filter(([, route]) => route.auth === 'user')
  .toSorted(([, one], [, other]) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));
const inside = every.filter(([, route]) => isInternal(route));
/** Each of these ends or uses up something that later requests need: it is tried by somebody who was made for it. */
const ending = new Set([
  'logOut',
  'changePassword',
  'unshareDrive',
  'acceptInvitation',
  'declineInvitation',
  'undoWork',
  ...forUsers.filter(([, { method }]) => method === 'DELETE').map(([name]) => name),
]);

/**
 * Every route of the table, so that a new one cannot be forgotten, with another tenant's token, ids and host, behind
 * caches that the owner has just warmed: the answer is `not_found` or `unauthenticated`, and never holds anything of the
 * owner's. The owner's own requests succeed, which shows that what they name is there.
 */
export function isolationSuite(openTarget: () => Promise<IsolationTarget>): void {
  const sender = createSender();
  const scene = { send: (address, request) => sender.send(address, request) } as Scene;
  let before: unknown;
  beforeAll(async () => {
    scene.target = await openTarget();
    const { address, victim, intruder } = scene.target;
    scene.victim = await settle(address, victim, victim.invitation);
    scene.intruder = await settle(address, intruder, intruder.invitation);
    before = await stateOf(scene.victim);
  }, 180_000);
  afterAll(async () => {
    sender.close();
    await scene.target?.close();
  });
  // First of all: what one's own tenant tried before is no news of others.
  idsOfNobody(scene);
  describe.each(forUsers)('%s', (name, route) => strangersRefused(scene, name, route));
  describe.each(open)('%s, which needs no sign-in,', (_name, route) => nothingTold(scene, route));
  describe.each(inside)('%s, which is the cell\u2019s own,', (_name, route) => cellsOwn(scene, route));
  test('after all this the victim has what they had', async () => {
    expect(await stateOf(scene.victim)).toEqual(before);
  });
  describe('to who owns what these requests name', () => ownersServed(scene));
}

const bearer = ({ signedIn }: Resident): string => `Bearer ${signedIn.accessToken}`;

function outside({ send, target }: Scene, request: Request, host: string, authorization?: string): Promise<Answer> {
  const headers = { ...request.headers, host, ...(authorization === undefined ? {} : { authorization }) };
  return send(target.address, { ...request, headers });
}

/** The owner asks first, where asking changes nothing: what they are entitled to is now in every cache on the way. */
async function warm(scene: Scene, route: Route, request: Request): Promise<void> {
  const { victim } = scene;
  if (route.method === 'GET' || route.readOnly === true) await outside(scene, request, victim.tenant.host, bearer(victim));
}

/** Only a tenant's first owner invites, sets issuers and makes groups, so for these it is that one. */
async function whoAsks({ target }: Scene, name: string, { path }: Route, one: Resident): Promise<Resident> {
  return ending.has(name) && !/\/tenant\/|group/.test(path) ? settle(target.address, one.tenant) : one;
}

/** The answer holds nothing of the victim that the request did not say itself. */
function expectNothingOf({ secrets }: Resident, { path, body }: Request, { text, headers }: Answer): void {
  const said = decodeURIComponent(path) + Buffer.from(body ?? []).toString('latin1');
  const told = text + JSON.stringify(headers);
  expect(secrets.filter((secret) => !said.includes(secret) && told.includes(secret))).toEqual([]);
}

/** Everything the victim can see of their own. */
async function stateOf({ email, client, drive, signedIn }: Resident): Promise<unknown> {
  const lists = [routes.listDrives, routes.listDevices, routes.listAppPasswords, routes.listUserInvitations] as const;
  const pages = await Promise.all(lists.map(async (route) => ({ ...(await client.call(route)) })));
  const me = await client.call(routes.getMe);
  // When something was last used is no part of it: asking is use.
  const seen = JSON.stringify([pages, me], (key, value: unknown) => (/^last\w*At$/.test(key) ? undefined : value));
  return { seen, drive: await visibleState({ email, client, drive, accessToken: signedIn.accessToken }) };
}

function idsOfNobody(scene: Scene): void {
  test('an id of another tenant and an id of nobody are answered alike, to the byte', async () => {
    const { victim, intruder, target } = scene;
    const nobody = withOthersIds(victim);
    const asker = await settle(target.address, intruder.tenant);
    const plain = ({ status, text, headers }: Answer): unknown => {
      const { 'x-request-id': _id, date: _date, ...rest } = headers;
      return { status, rest, text: text.replaceAll(/"requestId":"[^"]*"/g, '') };
    };
    for (const [name, route] of forUsers.filter(([, { path }]) => owned.test(path))) {
      const nobodys = sampleRequests(route, nobody);
      for (const [at, request] of sampleRequests(route, victim).entries()) {
        const one = await outside(scene, request, asker.tenant.host, bearer(asker));
        const other = await outside(scene, nobodys[at]!, asker.tenant.host, bearer(asker));
        expect([name, plain(one)]).toEqual([name, plain(other)]);
      }
    }
  }, 180_000);
}

function strangersRefused(scene: Scene, name: string, route: Route): void {
  test('refuses the token of another tenant, on either host, and a token on a host of nobody', async () => {
    const { victim, intruder } = scene;
    for (const request of sampleRequests(route, victim)) {
      await warm(scene, route, request);
      const answers = [
        await outside(scene, request, victim.tenant.host, bearer(intruder)),
        await outside(scene, request, intruder.tenant.host, bearer(victim)),
        await outside(scene, request, 'nobody.test', bearer(victim)),
        await outside(scene, request, victim.tenant.host),
      ];
      // A gateway does not serve a host of nobody at all.
      const strange = scene.target.servesUnknownHosts ? 'unauthenticated' : 'not_found';
      expect(answers.map(({ code }) => code)).toEqual(['unauthenticated', 'unauthenticated', strange, 'unauthenticated']);
      for (const answer of answers) expectNothingOf(victim, request, answer);
    }
  });

  test('finds nothing under ids of another tenant', async () => {
    const { victim, intruder } = scene;
    const asker = await whoAsks(scene, name, route, intruder);
    for (const request of sampleRequests(route, victim)) {
      await warm(scene, route, request);
      const answer = await outside(scene, request, intruder.tenant.host, bearer(asker));
      expectNothingOf(victim, request, answer);
      // OPTIONS says what the server speaks, whatever the path names.
      if (owned.test(route.path) && route.method !== 'OPTIONS') expect([request.path, answer.code]).toEqual([request.path, 'not_found']);
      else expect(answer.status).not.toBe(500);
    }
  });
}

function nothingTold(scene: Scene, route: Route): void {
  test('tells nothing of one tenant on the host of another', async () => {
    const { victim, intruder } = scene;
    for (const request of sampleRequests(route, victim)) {
      await warm(scene, route, request);
      for (const host of [intruder.tenant.host, 'nobody.test']) {
        const answer = await outside(scene, request, host);
        expectNothingOf(victim, request, answer);
        if (owned.test(route.path)) expect(answer.code).toBe('not_found');
      }
    }
  });
}

function cellsOwn(scene: Scene, route: Route): void {
  test('does not exist outside', async () => {
    const { victim, intruder } = scene;
    for (const request of sampleRequests(route, victim))
      for (const authorization of [bearer(victim), bearer(intruder), undefined])
        expect((await outside(scene, request, victim.tenant.host, authorization)).code).toBe('not_found');
  });

  test('takes no user\u2019s token, and under a service\u2019s token tells nothing of another tenant than the token\u2019s', async () => {
    const { target, victim, intruder, send } = scene;
    if (target.inside === undefined) return;
    const { addresses, serviceKey } = target.inside;
    const { tid, ...act } = intruder.claims;
    const ask = (request: Request, authorization: string) =>
      send(addresses[route.service], { ...request, headers: { ...request.headers, authorization } });
    for (const request of sampleRequests(route, victim)) {
      expect((await ask(request, bearer(victim))).code).toBe('unauthenticated');
      for (const caller of ['upload', 'metadata', 'share', 'notification', 'gateway'] as const) {
        const answer = await ask(request, `Bearer ${await signServiceToken(serviceKey, { caller, tid, act })}`);
        // Which tenant has a host name is asked before any tenant is known.
        if (route.path !== routes.findTenantOfHost.path) expectNothingOf(victim, request, answer);
        expect(answer.status).not.toBe(500);
        if (route.auth === 'admin') expect(answer.code).toBe('permission_denied');
      }
    }
  });
}

function ownersServed(scene: Scene): void {
  const refusals = /^(not_found|unauthenticated|permission_denied|invalid_argument)$/;
  // Of identities there are none here: whoever has one comes from a provider, as in the tests of sign-in.
  const here = forUsers.filter(([name]) => name !== 'linkIdentity' && name !== 'removeIdentity');
  test.each(here)('%s is found and allowed', async (name, route) => {
    const owner = await whoAsks(scene, name, route, scene.victim);
    for (const request of sampleRequests(route, owner)) {
      const { code } = await outside(scene, request, owner.tenant.host, bearer(owner));
      expect([request.path, code]).not.toEqual([request.path, expect.stringMatching(refusals)]);
    }
  });
}
