import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '@driftbox/chunking';
import { routes } from '@driftbox/protocol';
import { seededRandom, waitFor, type SeededRandom } from '@driftbox/testkit';
import { putFiles, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { createCli } from '../../src/run-cli.ts';
import { startWorld, type World } from '../../src/world.ts';
import type { Shown, Tell } from '../point.ts';

/** A person writes through so many kills; then everything acknowledged to them is read back. */
const killsOfPerson = 50;
const writers = 4;

/** What was acknowledged: names and the digests of their bytes. */
type Acknowledged = Map<string, string>;

/** Puts small and large files, some together, until the server is gone. Only what was answered counts. */
async function write(user: ApiUser, random: SeededRandom, prefix: string, acknowledged: Acknowledged): Promise<void> {
  for (let n = 0; ; n += 1) {
    const files = Array.from({ length: random.integer(1, 5) }, (_, index) => ({
      name: `${prefix}.${n}.${index}`,
      bytes: random.bytes(random.pick([1, 900, 20_000, 700_000])),
    }));
    await putFiles(user, files);
    for (const { name, bytes } of files) acknowledged.set(name, digestOf(bytes));
  }
}

/**
 * Kills the server at a random moment of what the writers do, some files after it began to answer them, and starts it again.
 * Throws when a writer fails before.
 */
async function killOnce(world: World, user: ApiUser, random: SeededRandom, round: number, acknowledged: Acknowledged): Promise<void> {
  const enough = acknowledged.size + random.integer(1, 40);
  let failure: unknown;
  const writing = Array.from({ length: writers }, (_, n) =>
    write(user, seededRandom(round * writers + n), `${round}.${n}`, acknowledged).catch((error: unknown) => (failure ??= error)),
  );
  await waitFor(() => failure !== undefined || acknowledged.size >= enough, { deadlineMs: 60_000, what: 'files that are acknowledged' });
  if (failure !== undefined) throw new Error('a writer failed before the kill', { cause: failure });
  await delay(random.integer(0, 30));
  await world.server().kill();
  await Promise.all(writing);
  await world.restart();
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
  const secrets = JSON.parse(await readFile(path.join(world.dataFolder, 'keys/cell.json'), 'utf8')) as {
    serviceKey: string;
    defaultTenant: string;
  };
  const cli = createCli(path.join(world.folder, 'config'), { DRIFTBOX_SERVICE_KEY: secrets.serviceKey });
  const upload = world.server().internal?.upload ?? '';
  const { code, stdout, stderr } = await cli.run('admin', 'fsck', '--tenant', secrets.defaultTenant, '--server', upload, '--json');
  return code === 0 ? '' : `fsck exited with ${code}: ${stdout.slice(-2_000)}${stderr.slice(-500)}`;
}

/** Kills a server so often at random moments of uploads and commits. Holds if all acknowledged reads back and fsck finds nothing. */
export async function showKills(kills: number, tell: Tell): Promise<Shown> {
  const world = await startWorld({ DRIFTBOX_SIGN_UP: 'open', DRIFTBOX_ACCESS_TOKEN_SECONDS: '3600', DRIFTBOX_INTERNAL_PORT: '0' });
  const random = seededRandom(kills);
  const wrong: string[] = [];
  let files = 0;
  try {
    for (let round = 0; round < kills;) {
      const user = await signUpByApi(world.address, `kills-${round}`);
      const acknowledged: Acknowledged = new Map();
      for (const end = Math.min(kills, round + killsOfPerson); round < end; round += 1)
        await killOnce(world, user, random, round, acknowledged);
      wrong.push(...(await findLost(user, world.address, acknowledged)));
      files += acknowledged.size;
      tell(`${round} kills, ${files} revisions acknowledged, ${wrong.length} wrong`);
    }
    const faults = await findFaults(world);
    if (faults !== '') wrong.push(faults);
  } finally {
    await world.close();
  }
  const figure = `${kills} kills, ${files} revisions acknowledged, ${wrong.length} lost or wrong`;
  return { holds: wrong.length === 0 && files > kills, figure: [figure, ...wrong.slice(0, 20)].join('\n') };
}
