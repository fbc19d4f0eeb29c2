import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@driftbox/api-client';
import { digestOf } from '@driftbox/chunking';
import type { DriveId, EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { seededRandom, waitFor } from '@driftbox/testkit';
import { addTenant, serviceKeyOf } from '../../src/add-tenant.ts';
import { hostTransport, putFiles, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { openServer, type OpenServer } from '../../src/open-server.ts';
import { createCli, type Cli } from '../../src/run-cli.ts';
import { worldPassword } from '../../src/world.ts';
import type { Shown, Tell } from '../point.ts';

const filesOfCommit = 250;
const [host, copyHost] = ['acme.example', 'copy.example'];

/** A backup as the command line tells of it. */
type Made = { readonly id: string; readonly takenAt: string; readonly resumed: boolean; readonly newBytes: number };
type Head = { readonly driveId: string; readonly seq: number };
type Listed = { readonly backups: readonly { readonly id: string; readonly heads: readonly Head[] }[] };

/** Puts files in commits until told to stop, and remembers the digest of each. */
async function fill(user: ApiUser, known: Map<string, string>, more: () => boolean): Promise<void> {
  const random = seededRandom(known.size + 1);
  while (more()) {
    const files = Array.from({ length: filesOfCommit }, () => ({ name: randomUUID(), bytes: random.bytes(random.integer(1, 600)) }));
    await putFiles(user, files);
    for (const { name, bytes } of files) known.set(name, digestOf(bytes));
  }
}

/** One line for each entry of a drive that is no newer than a seq: its whole newest state and, of some, its history. */
async function see({ client, drive }: ApiUser, upTo: number, historyEvery: number): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  let after: string | undefined;
  for (let more = true; more;) {
    const query = { limit: 10_000, ...(after === undefined ? {} : { after }) };
    const page = await client.call(routes.listChanges, { params: { drive: drive.drive }, query });
    for (const one of page.changes) {
      if (one.change !== 'put' || one.seq > upTo) continue;
      const { entryId } = one.entry;
      const history = seen.size % historyEvery === 0 ? await historyOf(client, drive.drive, entryId) : [];
      seen.set(entryId, JSON.stringify([one, history]));
    }
    ({ nextCursor: after, more } = page);
  }
  return seen;
}

async function historyOf(client: ApiUser['client'], drive: DriveId, entry: EntryId): Promise<unknown[]> {
  return (await client.call(routes.listRevisions, { params: { drive, entry }, query: { limit: 1000 } })).items;
}

/** The command line of the cell's administrator. */
async function adminOf(server: OpenServer): Promise<{ readonly cli: Cli; readonly internal: readonly string[] }> {
  const env = { DRIFTBOX_SERVICE_KEY: await serviceKeyOf(server.dataFolder) };
  const internal = Object.entries(server.process().internal ?? {}).flatMap(([name, url]) => ['--internal', `${name}=${url}`]);
  return { cli: createCli(path.join(server.folder, 'admin'), env), internal };
}

/**
 * A tenant of so many files is backed up while somebody goes on putting more; the first run is killed in the middle. Restored under
 * another name, its tree, histories, grants and journal must be those of the stated point, and a rehearsal must find nothing.
 */
export async function showBackup(files: number, tell: Tell): Promise<Shown> {
  const server = await openServer({ DRIFTBOX_INTERNAL_PORT: '0' });
  try {
    return await show(server, files, tell);
  } finally {
    await server.close();
  }
}

async function show(server: OpenServer, files: number, tell: Tell): Promise<Shown> {
  const wrong: string[] = [];
  const { tenantId } = await addTenant(server, host);
  const ada = await signUpByApi(server.address, 'ada', host);
  const known = new Map<string, string>();
  await fill(ada, known, () => known.size < files);
  tell(`${known.size} files`);

  const { cli, internal } = await adminOf(server);
  const places = path.join(server.folder, 'backups');
  await mkdir(places);
  const keyFile = path.join(server.folder, 'backup-key');
  await cli.must('admin', 'backup', 'key', keyFile);
  const place = ['--tenant', tenantId, '--in', places, '--key-file', keyFile, '--json'];
  let working = true;
  const load = fill(ada, known, () => working);
  const first = await killedRun(cli, ['admin', 'backup', 'create', ...place, ...internal]);
  const { value: made, seconds: backupSeconds } = await timed<Made>(() => cli.must('admin', 'backup', 'create', ...place, ...internal));
  const { value: next, seconds: nextSeconds } = await timed<Made>(() => cli.must('admin', 'backup', 'create', ...place, ...internal));
  working = false;
  await load;
  tell(`backed up in ${backupSeconds} s after a run that was ${first}, then again in ${nextSeconds} s`);

  const { backups } = JSON.parse(await cli.must('admin', 'backup', 'list', ...place)) as Listed;
  const seq = backups.find(({ id }) => id === made.id)?.heads.find(({ driveId }) => driveId === ada.drive.drive)?.seq ?? 0;
  const copyOf = ['admin', 'restore', made.id, ...place, ...internal, '--as', randomUUID(), '--name', 'copy', '--host', copyHost];
  const { seconds: restoreSeconds } = await timed(() => cli.must(...copyOf));
  tell(`restored in ${restoreSeconds} s as of seq ${seq}`);
  wrong.push(...(await differences(server, ada, seq)));
  const rehearsal = await timed(() => cli.must('admin', 'backup', 'rehearse', made.id, ...place, ...internal));
  const figure = [
    `${files} files as of seq ${seq} while ${known.size - files} more came`,
    `backed up in ${backupSeconds} s (${first} once, gone on with: ${String(made.resumed)})`,
    `again in ${nextSeconds} s for ${next.newBytes} new bytes`,
    `restored in ${restoreSeconds} s, rehearsed in ${rehearsal.seconds} s`,
    `${wrong.length} things wrong`,
  ].join('; ');
  return { holds: wrong.length === 0, figure: [figure, ...wrong.slice(0, 20)].join('\n') };
}

/** Starts a backup and kills it when its first packs are there. */
async function killedRun(cli: Cli, args: readonly string[]): Promise<string> {
  const child = cli.start(...args.filter((arg) => arg !== '--json'), '--progress', 'json');
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await Promise.race([ended, waitFor(() => told.includes('"contents"'), { deadlineMs: 900_000, what: 'chunks that are copied' })]);
  const running = child.exitCode === null;
  child.kill('SIGKILL');
  await ended;
  return running ? 'killed' : 'done before it could be killed';
}

async function timed<T = unknown>(work: () => Promise<string>): Promise<{ value: T; seconds: number }> {
  const startMs = performance.now();
  const value = JSON.parse(await work()) as T;
  return { value, seconds: Math.round((performance.now() - startMs) / 100) / 10 };
}

async function differences(server: OpenServer, ada: ApiUser, seq: number): Promise<string[]> {
  const transport = hostTransport(server.address, copyHost);
  const body = { email: ada.email, password: worldPassword, device: { name: 'accept', kind: 'other' as const } };
  const { accessToken } = await createClient({ transport }).call(routes.logIn, { body });
  const client = createClient({ transport, token: async () => accessToken });
  const [drive] = (await client.call(routes.listDrives)).items;
  if (drive === undefined) return ['the copy has no drive'];
  const wrong: string[] = [];
  const copy = { ...ada, client, accessToken, drive };
  const historyEvery = 100;
  const [expected, actual] = [await see(ada, seq, historyEvery), await see(copy, Number.MAX_SAFE_INTEGER, historyEvery)];
  for (const [entryId, state] of expected) if (actual.get(entryId) !== state) wrong.push(`${entryId} is not what it was`);
  for (const entryId of actual.keys()) if (!expected.has(entryId)) wrong.push(`${entryId} was not there`);
  if (drive.seq !== seq) wrong.push(`the journal ends at ${drive.seq} and not at ${seq}`);
  const grantsOf = async (user: ApiUser): Promise<string> =>
    JSON.stringify((await user.client.call(routes.listGrants, { params: { drive: user.drive.drive } })).items);
  if ((await grantsOf(ada)) !== (await grantsOf(copy))) wrong.push('the grants are others');
  return wrong;
}
