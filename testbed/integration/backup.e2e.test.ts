import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, httpTransport, type Client, type HttpTransport } from '@driftbox/api-client';
import {
  createBackup,
  openFolderDestination,
  rehearseBackup,
  restoreBackup,
  verifyBackups,
  type Cell,
  type CreatedBackup,
  type Destination,
  type Progress,
} from '@driftbox/backup';
import { runProgram } from '@driftbox/cli';
import { parseTenantId, parseWriteId, type TenantId } from '@driftbox/domain';
import { routes, type ServiceName, type WireOperation } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { newId, seededRandom, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { hostTransport, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { registerTenant, type AddedTenant } from '../src/register-tenant.ts';
import { hostOfTenant } from '../src/target/host-of-tenant.ts';
import { targetHas } from '../src/target/needs.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import type { TargetAdministrator } from '../src/target/test-target.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { worldPassword } from '../src/world.ts';

const backupKey = Buffer.alloc(32, 7);
const random = seededRandom(20_26);
const signal = new AbortController().signal;
const transports: HttpTransport[] = [];
const administered = testThatNeeds('administrator');
let door: OpenDoor;
let administrator: TargetAdministrator;
let cell: Cell;
let acme: AddedTenant;
let ada: ApiUser;
let destination: Destination;
/** The flags that name the backups. */
let place: string[];
let point: CreatedBackup;
/** The tree and every history of the drive, as its owner sees them, of what was there at the point. */
let expected: Seen;

beforeAll(async () => {
  if (!targetHas('administrator')) return;
  door = await openDoor();
  administrator = door.administrator();
  const addresses = Object.entries(administrator.internal).map(([name, address]) => {
    const transport = httpTransport(address);
    transports.push(transport);
    return [name as ServiceName, transport] as const;
  });
  cell = (service, tid) => {
    const transport = new Map(addresses).get(service);
    if (transport === undefined) throw new Error(`the target has no ${service}`);
    return createClient({ transport, token: () => signServiceToken(administrator.serviceKey, { caller: 'admin', tid }) });
  };
  acme = await registerTenant(administrator, hostOfTenant(administrator, 'acme'));
  ada = await signUpByApi(door.address, 'ada', acme.host);
  destination = await openFolderDestination(path.join(door.folder, 'backups'), acme.tenantId, backupKey);
  const keyFile = path.join(door.folder, 'backup-key');
  await writeFile(keyFile, `driftbox-backup-key-1:${backupKey.toString('hex')}\n`);
  place = ['--tenant', acme.tenantId, '--in', path.join(door.folder, 'backups'), '--key-file', keyFile];
  await live(15);
});
afterAll(async () => {
  for (const transport of transports) transport.close();
  await door?.close();
});

type Seen = { readonly tree: string[]; readonly histories: string[]; readonly seq: number };
type Entry = { readonly entryId: string; readonly rev: number; readonly seq: number; readonly kind: string };

/** A person's random work: files put, replaced, renamed, thrown away, put back. */
async function live(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    const files = Array.from({ length: random.integer(1, 4) }, () => ({
      name: randomUUID(),
      bytes: random.bytes(random.integer(1, 9_000)),
    }));
    await putFiles(ada, files);
    const entries = (await descendants(ada)).filter(({ kind }) => kind === 'file');
    const { entryId, rev, seq } = random.pick(entries);
    const of = { entryId: entryId as never, baseRev: rev, writeId: newId(parseWriteId) };
    const operation = random.pick<WireOperation>([
      { op: 'move', ...of, parentId: ada.drive.rootId, name: `moved ${randomUUID()}` },
      { op: 'delete', ...of, seenSeq: seq },
      { op: 'setAttributes', ...of, executable: true },
    ]);
    await commit([operation]);
    if (operation.op === 'delete' && random.integer(0, 1) === 0)
      await commit([{ op: 'untrash', entryId: of.entryId, writeId: newId(parseWriteId) }]);
  }
}

async function commit(operations: WireOperation[]): Promise<void> {
  const { drive, driveEpoch } = ada.drive;
  const answer = await ada.client.stream(routes.postCommit, { params: { drive }, json: { driveEpoch, operations } });
  const { outcomes } = (await answer.json()) as { outcomes: { outcome: string }[] };
  expect(outcomes).toEqual(operations.map(() => expect.objectContaining({ outcome: 'committed' })));
}

async function descendants({ client, drive }: ApiUser): Promise<Entry[]> {
  const query = { limit: 10_000 };
  return (await client.call(routes.listDescendants, { params: { drive: drive.drive, entry: drive.rootId }, query })).items;
}

/** What somebody sees of their drive that was made up to a seq. */
async function see(user: ApiUser, upTo = Number.MAX_SAFE_INTEGER): Promise<Seen> {
  const { client, drive } = user;
  const params = { drive: drive.drive };
  const { changes, head } = await client.call(routes.listChanges, { params, query: { limit: 10_000 } });
  const histories: Entry[][] = [];
  for (const one of changes) {
    if (one.change !== 'put') continue;
    const { items } = await client.call(routes.listRevisions, { params: { ...params, entry: one.entry.entryId }, query: { limit: 1000 } });
    const then = items.filter(({ seq }) => seq <= upTo);
    if (then.length > 0) histories.push(then);
  }
  const text = (revisions: Entry[]): string => JSON.stringify(revisions);
  return { tree: histories.map((all) => text(all.slice(0, 1))).sort(), histories: histories.map(text).sort(), seq: Math.min(head, upTo) };
}

/** A process of a service may know of a change to a tenant so much later. */
const heardOf = { deadlineMs: 15_000, what: 'the tenant to be open' };

/** The same person in another tenant, or again in theirs, once every process has heard that it is open. */
async function signIn(host: string): Promise<ApiUser> {
  const transport = hostTransport(door.address, host);
  const body = { email: ada.email, password: worldPassword, device: { name: 'again', kind: 'other' as const } };
  const logIn = () => createClient({ transport }).call(routes.logIn, { body });
  const { accessToken } = await waitFor(logIn, heardOf);
  const client = createClient({ transport, token: async () => accessToken });
  const list = () => client.call(routes.listDrives);
  const [answer] = await waitFor(() => Promise.all(Array.from({ length: 12 }, list)), heardOf);
  const [drive] = answer?.items ?? [];
  return { email: ada.email, client, accessToken, drive: drive! };
}

const admin = (...args: string[]) => adminOf(administrator, ...args);

async function adminOf(
  { internal: addresses, serviceKey }: TargetAdministrator,
  ...args: string[]
): Promise<{ code: number; out: string; errors: string }> {
  let [out, errors] = ['', ''];
  const internal = Object.entries(addresses).flatMap(([name, url]) => ['--internal', `${name}=${url}`]);
  const code = await runProgram(['admin', ...args, ...internal, '--json'], {
    env: { DRIFTBOX_SERVICE_KEY: serviceKey },
    signal,
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (errors += text) },
  });
  return { code, out, errors };
}

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Ends the work in the middle of a stage. */
const dieAt =
  (where: Progress['stage']) =>
  ({ stage }: Progress): void => {
    if (stage === where) throw new Killed();
  };

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing failed',
    (error: { readonly code?: string; readonly name: string }) => error.code ?? error.name,
  );

administered('a backup that dies half way is gone on with, at the point that it had read, while people work', async () => {
  expect(await failure(createBackup(cell, destination, { signal, tell: dieAt('contents') }))).toBe('Killed');
  expect(await verifyBackups(destination, undefined, { signal })).toEqual([]);
  const working = live(4);
  point = await createBackup(cell, destination, { signal });
  expect(point).toMatchObject({ resumed: true, drives: 1, damaged: [] });
  await working;
  const { out } = await admin('backup', 'list', ...place);
  const described = await admin('backup', 'tenant', point.id, ...place);
  expect(JSON.parse(described.out)).toMatchObject({ kind: 'Tenant', spec: { suspended: true, hosts: [expect.any(String)] } });
  const [listed] = (JSON.parse(out) as { backups: [{ heads: [{ seq: number }] }] }).backups;
  expected = await see(ada, listed.heads[0].seq);
  expect(expected.seq).toBeLessThan((await see(ada)).seq);
  expect(await verifyBackups(destination, point.id, { signal })).toMatchObject([{ id: point.id, damaged: [] }]);
});

administered('what is there already is not copied again, and cannot be removed meanwhile', async () => {
  const before = await readdir(path.join(door.folder, 'backups', acme.tenantId, 'packs'), { recursive: true });
  let removal: object | undefined;
  const watched: Cell = (service, tid) => {
    const client = cell(service, tid);
    const call = async (...asked: never[]): Promise<unknown> => {
      removal ??= await admin('backup', 'remove', point.id, ...place);
      return Reflect.apply(client.call, client, asked);
    };
    return { ...client, call } as Client;
  };
  const next = await createBackup(watched, destination, { signal });
  expect(removal).toMatchObject({ code: 5, out: '', errors: expect.stringMatching(/"code":"locked".*"use":"create"/) });
  expect(next.newObjects).toBeLessThan(next.chunks);
  expect(before.length).toBeGreaterThan(0);
});

administered('under another name trees, histories and heads are those of the point, and every byte can be read', async () => {
  const [tenantId, host] = [newId(parseTenantId), hostOfTenant(administrator, 'copy')];
  const target = { tenantId, replace: false, create: { name: 'copy', hosts: [host] } };
  for (const stage of ['rows', 'contents'] as const)
    expect(await failure(restoreBackup(cell, destination, point.id, target, { signal, tell: dieAt(stage) }))).toBe('Killed');
  const { intent } = await cell('auth', tenantId).call(routes.getTenantInAuth, { params: { tenant: tenantId } });
  const early = cell('auth', tenantId).call(routes.putTenantInAuth, {
    params: { tenant: tenantId },
    body: { ...intent, suspended: false },
  });
  expect(await failure(early)).toBe('locked');
  const done = await admin('restore', point.id, ...place, '--as', tenantId, '--name', 'copy', '--host', host);
  expect([done.code, done.errors]).toEqual([0, '']);
  const copy = await signIn(host);
  expect(await see(copy)).toEqual(expected);
  expect(copy.drive.driveEpoch).not.toBe(ada.drive.driveEpoch);
  for (const { entryId, kind } of await descendants(copy)) {
    if (kind !== 'file') continue;
    const at = { drive: copy.drive.drive, entry: entryId as never };
    const read = async ({ client }: ApiUser): Promise<Buffer> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of (await client.stream(routes.getContent, { params: at })).body) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    expect((await waitFor(() => read(copy), heardOf)).equals(await read(ada))).toBe(true);
  }
  const again = await admin('restore', point.id, ...place, '--as', tenantId);
  expect([again.code, again.errors]).toEqual([5, expect.stringContaining('not_suspended')]);
});

administered('a rehearsal compares everything and leaves nothing behind', async () => {
  const scratch: TenantId[] = [];
  const report = await rehearseBackup(cell, destination, point.id, { signal, begun: (id) => scratch.push(id) });
  expect(report).toMatchObject({ id: point.id, differences: [], findings: [] });
  const [tenant] = scratch;
  expect(await failure(cell('auth', tenant!).call(routes.getTenantInAuth, { params: { tenant: tenant! } }))).toBe('tenant_erased');
});

administered('in place it asks before anything goes, and clients list again', async () => {
  expect((await admin('restore', point.id, ...place)).errors).toContain('not_suspended');
  await registerTenant(administrator, acme.host, { tenantId: acme.tenantId, suspended: true });
  expect((await admin('restore', point.id, ...place)).errors).toContain('already_exists');
  expect(await admin('restore', point.id, ...place, '--replace')).toMatchObject({ code: 0, errors: '' });
  await registerTenant(administrator, acme.host, { tenantId: acme.tenantId });
  const back = await signIn(acme.host);
  expect(await see(back)).toEqual(expected);
  expect(back.drive.driveEpoch).not.toBe(ada.drive.driveEpoch);
});

testThatNeeds('ownServer')('a cell is backed up by one command, and restored into another, but for who is there', async () => {
  const [globex, stopped] = [hostOfTenant(administrator, 'globex'), hostOfTenant(administrator, 'stopped')];
  const { tenantId } = await registerTenant(administrator, globex);
  const bob = await signUpByApi(door.address, 'bob', globex);
  await putFiles(bob, [{ name: 'of globex', bytes: random.bytes(9_000) }]);
  const { tenantId: suspended } = await registerTenant(administrator, stopped, { suspended: true });
  const all = ['--all', ...place.slice(2)];
  const created = await admin('backup', 'create', ...all);
  expect(created).toMatchObject({ code: 0, errors: '' });
  const made = JSON.parse(created.out) as { id: string; tenants: { tenantId: string }[]; failed: [] };
  expect(made.tenants.map((one) => one.tenantId)).toEqual(expect.arrayContaining([acme.tenantId, tenantId, suspended]));
  expect(JSON.parse((await admin('backup', 'list', ...all)).out)).toMatchObject({ backups: [{ id: made.id, failed: [] }] });
  expect(await admin('backup', 'verify', made.id, ...all)).toMatchObject({ code: 0 });

  const other = await openDoor();
  try {
    const there = other.administrator();
    await registerTenant(there, acme.host, { tenantId: acme.tenantId });
    const restored = await adminOf(there, 'restore', ...all);
    expect(restored.code).toBe(6);
    const { tenants, failed } = JSON.parse(restored.out) as { tenants: { tenantId: string; suspended: boolean }[]; failed: object[] };
    expect(failed).toEqual([{ tenantId: acme.tenantId, why: expect.stringContaining('suspended') }]);
    const open = new Map(tenants.map((one) => [one.tenantId, !one.suspended]));
    expect([open.size, open.get(tenantId), open.get(suspended)]).toEqual([made.tenants.length - 1, true, false]);
    const transport = hostTransport(other.address, globex);
    const body = { email: bob.email, password: worldPassword, device: { name: 'again', kind: 'other' as const } };
    const { accessToken } = await waitFor(() => createClient({ transport }).call(routes.logIn, { body }), heardOf);
    const client = createClient({ transport, token: async () => accessToken });
    expect(await see({ ...bob, client })).toEqual(await see(bob));
  } finally {
    await other.close();
  }
  expect(await admin('backup', 'remove', made.id, ...all)).toMatchObject({ code: 0 });
  expect(JSON.parse((await admin('backup', 'list', ...all)).out)).toEqual({ backups: [] });
});

administered('of a damaged backup nothing is restored, and its objects are named', async () => {
  const packs = path.join(door.folder, 'backups', acme.tenantId, 'packs');
  const names = (await readdir(packs, { recursive: true })).filter((name) => /[0-9a-f]{32}$/.test(name));
  const sizes = await Promise.all(names.map(async (name) => ({ name, size: (await stat(path.join(packs, name))).size })));
  // The largest has chunks of the point.
  await rm(path.join(packs, sizes.sort((a, b) => b.size - a.size)[0]!.name));
  const target = { tenantId: newId(parseTenantId), replace: false, create: { name: 'never', hosts: [] } };
  expect(await failure(restoreBackup(cell, destination, point.id, target, { signal }))).toBe('BackupDamaged');
  const params = { tenant: target.tenantId };
  expect(await failure(cell('auth', target.tenantId).call(routes.getTenantInAuth, { params }))).toBe('not_found');
  expect((await admin('backup', 'verify', ...place)).code).toBe(6);
});
