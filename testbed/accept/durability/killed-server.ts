import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '@driftbox/chunking';
import { routes, type CommitAnswer } from '@driftbox/protocol';
import { seededRandom, waitFor, type SeededRandom } from '@driftbox/testkit';
import { cellOf } from '../../src/add-tenant.ts';
import { commitPieces, newFile, oneChunk, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { createCli } from '../../src/run-cli.ts';
import { startWorld, type World } from '../../src/world.ts';
import { numberOfPart, type Point, type Shown, type Tell } from '../point.ts';

/** A thousand kills: the second point, in parts that can be resumed one by one. */
export const killedServers: readonly Point[] = [1, 2, 3, 4].map((seed) => ({
  number: numberOfPart(2, seed),
  promise:
    '250 of 1,000 times kill -9 of the server at a random moment of uploads and commits: all acknowledged reads back, fsck finds nothing',
  show: (tell) => showKills(250, seed, tell),
}));

/** A person writes through so many kills; then everything acknowledged to them is read back. */
const killsOfPerson = 50;
const writers = 4;

/** What was acknowledged: names and the digests of their bytes. */
type Acknowledged = Map<string, string>;

/** Where a writer is, as far as it can tell itself. */
type Phase = 'before upload' | 'in upload' | 'in commit' | 'after the answer';

/** How often a kill fell into each phase of a writer. */
type Fell = Record<Phase, number>;

/** What the writer does now; written by it, read when the server is killed. */
type Writer = { phase: Phase };

/** Puts small and large files, some together, until the server is gone. Only what was answered counts. */
async function write(user: ApiUser, random: SeededRandom, prefix: string, acknowledged: Acknowledged, at: Writer): Promise<void> {
  for (let n = 0; ; n += 1) {
    at.phase = 'before upload';
    const files = Array.from({ length: random.integer(1, 5) }, (_, index) => ({
      name: `${prefix}.${n}.${index}`,
      bytes: random.bytes(random.pick([1, 900, 20_000, 700_000])),
    }));
    await delay(random.integer(0, 5));
    await putSlowly(user, files, random.pick([0, 0, 5]), at);
    at.phase = 'after the answer';
    for (const { name, bytes } of files) acknowledged.set(name, digestOf(bytes));
    await delay(random.integer(0, 5));
  }
}

/** Puts files in one request whose pieces leave with pauses between them, as over a slow line. Throws unless all are committed. */
async function putSlowly(
  { client, drive }: ApiUser,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  pauseMs: number,
  at: Writer,
): Promise<void> {
  const operations = files.map(({ name, bytes }) => newFile(drive, name, oneChunk(bytes)));
  const contents = files.map(({ bytes }) => bytes);
  async function* slowly(): AsyncGenerator<Uint8Array, void> {
    at.phase = 'in upload';
    for (const piece of commitPieces(drive, operations, contents)) {
      yield piece;
      if (pauseMs > 0) await delay(pauseMs);
    }
    at.phase = 'in commit';
  }
  const answer = await client.stream(routes.postCommit, { params: { drive: drive.drive }, body: slowly() });
  const { outcomes } = (await answer.json()) as CommitAnswer;
  const failed = outcomes.find(({ outcome }) => outcome !== 'committed');
  if (failed !== undefined) throw new Error(`not committed: ${JSON.stringify(failed)}`);
}

/**
 * Kills the server at a random moment of what the writers do, some files after it began to answer them, and starts it again.
 * Answers where each writer was. Throws when a writer fails before.
 */
async function killOnce(
  world: World,
  user: ApiUser,
  random: SeededRandom,
  round: number,
  acknowledged: Acknowledged,
): Promise<readonly Phase[]> {
  const enough = acknowledged.size + random.integer(1, 40);
  let failure: unknown;
  const at = Array.from({ length: writers }, (): Writer => ({ phase: 'before upload' }));
  const writing = at.map((writer, n) =>
    write(user, seededRandom(random.integer(0, 2 ** 31 - 1)), `${round}.${n}`, acknowledged, writer).catch(
      (error: unknown) => (failure ??= error),
    ),
  );
  await waitFor(() => failure !== undefined || acknowledged.size >= enough, { deadlineMs: 60_000, what: 'files that are acknowledged' });
  if (failure !== undefined) throw new Error('a writer failed before the kill', { cause: failure });
  await delay(random.integer(0, 30));
  const phases = at.map(({ phase }) => phase);
  await world.server().kill();
  await Promise.all(writing);
  await world.restart();
  return phases;
}

/** Reads back all that was acknowledged to a person; answers what is lost or other than it was. */
async function findLost({ client, drive, accessToken }: ApiUser, address: string, acknowledged: Acknowledged): Promise<string[]> {
  const left = new Map(acknowledged);
  const lost: string[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) };
    const page = await client.call(routes.listChildren, { params: { drive: drive.drive, entry: drive.rootId }, query });
    for (const { name, entryId } of page.items) {
      const digest = left.get(name);
      if (digest === undefined) continue;
      left.delete(name);
      const url = `${address}/v1/drives/${drive.drive}/entries/${entryId}/content`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
      if (digestOf(Buffer.from(await answer.arrayBuffer())) !== digest) lost.push(`${name} is other than it was (${answer.status})`);
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return [...lost, ...[...left.keys()].map((name) => `${name} is gone`)];
  }
}

/** What `driftbox admin fsck` says of the world's tenant, if anything is wrong. */
async function findFaults(world: World): Promise<string> {
  const { serviceKey, defaultTenant } = await cellOf(world.dataFolder);
  const cli = createCli(path.join(world.folder, 'config'), { DRIFTBOX_SERVICE_KEY: serviceKey });
  const upload = world.server().internal?.upload ?? '';
  const { code, stdout, stderr } = await cli.run('admin', 'fsck', '--tenant', defaultTenant, '--server', upload, '--json');
  return code === 0 ? '' : `fsck exited with ${code}: ${stdout.slice(-2_000)}${stderr.slice(-500)}`;
}

/** Kills a server so often at random moments of uploads and commits. Holds if all acknowledged reads back and fsck finds nothing. */
async function showKills(kills: number, seed: number, tell: Tell): Promise<Shown> {
  const world = await startWorld({ DRIFTBOX_SIGN_UP: 'open', DRIFTBOX_ACCESS_TOKEN_SECONDS: '3600', DRIFTBOX_INTERNAL_PORT: '0' });
  const random = seededRandom(seed);
  const wrong: string[] = [];
  const fell: Fell = { 'before upload': 0, 'in upload': 0, 'in commit': 0, 'after the answer': 0 };
  let files = 0;
  try {
    for (let round = 0; round < kills;) {
      const user = await signUpByApi(world.address, `kills-${round}`);
      const acknowledged: Acknowledged = new Map();
      for (const end = Math.min(kills, round + killsOfPerson); round < end; round += 1)
        for (const phase of await killOnce(world, user, random, round, acknowledged)) fell[phase] += 1;
      wrong.push(...(await findLost(user, world.address, acknowledged)));
      files += acknowledged.size;
      tell(`${round} kills, ${files} revisions acknowledged, ${wrong.length} wrong`);
    }
    const faults = await findFaults(world);
    if (faults !== '') wrong.push(faults);
  } finally {
    await world.close();
  }
  const places = Object.entries(fell).map(([phase, count]) => `${count} ${phase}`);
  const struck = `${kills} kills of ${writers} writers (${places.join(', ')})`;
  const figure = `${struck}, ${files} revisions acknowledged, ${wrong.length} lost or wrong`;
  return { holds: wrong.length === 0 && files > kills, figure: [figure, ...wrong.slice(0, 20)].join('\n') };
}
