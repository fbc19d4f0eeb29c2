import { parseWriteId } from '@driftbox/domain';
import { newId, seededRandom, waitFor } from '@driftbox/testkit';
import type pg from 'pg';
import { newFile, oneChunk, putFiles, sendCommit, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { connectDatabase } from '../../src/standalone-database.ts';
import { startWorld, type World } from '../../src/world.ts';
import type { Shown, Tell } from '../point.ts';

const rounds = 5;
const files = 3_000;
const filesOfCommit = 50;
const fileBytes = 200_000;
/** Of each commit so many go, so that more than half of every pack is dead. */
const goneOfCommit = 30;
/** What is put in so long is counted as beside the background work if that came on meanwhile. */
const windowMs = 2_000;
const mostCost = 1.3;
/** Background work is looked for once a minute. */
const deadlineMs = 180_000;

const random = seededRandom(23);
let puts = 0;

const env = {
  DRIFTBOX_SIGN_UP: 'open',
  DRIFTBOX_INTERNAL_PORT: '0',
  DRIFTBOX_ACCESS_TOKEN_SECONDS: '3600',
  DRIFTBOX_COLLECT_EVERY: '1m',
  DRIFTBOX_COLLECT_GRACE: '5m',
  DRIFTBOX_SCRUB_WITHIN: '1h',
};

/**
 * Somebody puts small files one after the other, while collection rewrites packs and a scrub reads them all at the pace that both have by
 * default, and while neither has anything to do, in turns. Holds if the p99 beside them is at most 1.3 times the one without.
 */
export async function showUpkeepCost(tell: Tell): Promise<Shown> {
  const world = await startWorld(env);
  const database = await connectDatabase(world.dataFolder);
  try {
    const user = await signUpByApi(world.address, 'upkeep');
    await fill(user);
    await pastGrace(database, 'false');
    await waitFor(async () => isOver(database), { deadlineMs, what: 'chunks to be condemned' });
    tell(`${files} files of ${fileBytes} bytes, three in five of them deleted for good`);
    const [alone, beside]: [number[], number[]] = [[], []];
    let work = await workOf(world);
    for (let round = 0; round < rounds; round += 1) {
      const before = work;
      await pastGrace(database, `get_byte(uuid_send(pack_id), 15) % ${rounds} = ${round}`);
      const giveUpMs = performance.now() + deadlineMs;
      while (!(await isOver(database))) {
        if (performance.now() > giveUpMs) throw new Error('collection and scrub did not come to their end');
        const times = await putsOf(user);
        const now = await workOf(world);
        (now.moved + now.scrubbed > work.moved + work.scrubbed ? beside : alone).push(...times);
        work = now;
      }
      const did = `${megabytes(work.moved - before.moved)} moved, ${megabytes(work.scrubbed - before.scrubbed)} scrubbed`;
      tell(`round ${round + 1}: ${did}; so far ${described(beside)} beside, ${described(alone)} alone`);
    }
    const cost = p99(beside) / p99(alone);
    const figure = `p99 of a put beside collection and scrub ${cost.toFixed(2)}x: ${described(beside)} beside, ${described(alone)} alone`;
    const did = `${megabytes(work.moved)} moved, ${megabytes(work.scrubbed)} scrubbed in all`;
    return { holds: cost <= mostCost && work.moved > 0, figure: `${figure}; ${did}` };
  } finally {
    await database.end();
    await world.close();
  }
}

async function fill(user: ApiUser): Promise<void> {
  for (let from = 0; from < files; from += filesOfCommit) {
    const contents = Array.from({ length: filesOfCommit }, () => random.bytes(fileBytes));
    const made = contents.map((bytes, index) => newFile(user.drive, `file-${from + index}`, oneChunk(bytes)));
    await sendCommit(user, made, contents);
    const gone = made.slice(0, goneOfCommit).map(({ entryId }) => ({ entryId }));
    const seenSeq = Number.MAX_SAFE_INTEGER;
    await sendCommit(
      user,
      gone.map((one) => ({ op: 'delete' as const, ...one, writeId: newId(parseWriteId), baseRev: 1, seenSeq })),
    );
    const { outcomes } = await sendCommit(
      user,
      gone.map((one) => ({ op: 'purge' as const, ...one, writeId: newId(parseWriteId) })),
    );
    if (outcomes.some(({ outcome }) => outcome !== 'committed')) throw new Error(`not purged: ${JSON.stringify(outcomes[0])}`);
  }
}

/**
 * Makes every pack due for a scrub and old enough for collection, as are those condemned chunks that `which` names. Those of single puts
 * are left out: they would be more in each round.
 */
async function pastGrace(database: pg.Client, which: string): Promise<void> {
  const longAgo = "created_at = now() - interval '1 day', verified_at = now() - interval '1 day'";
  await database.query(`UPDATE upload.packs SET ${longAgo} WHERE size_bytes > ${fileBytes}`);
  await database.query(`UPDATE upload.chunks SET condemned_at = now() - interval '1 day' WHERE condemned AND ${which}`);
  await database.query('DELETE FROM upload.upkeep_rounds');
}

async function isOver(database: pg.Client): Promise<boolean> {
  const { rows } = await database.query<{ job: string }>('SELECT job FROM upload.upkeep_rounds');
  return ['collection', 'scrub'].every((job) => rows.some((row) => row.job === job));
}

/** Milliseconds that each new file of 4 KiB took until it was committed, over some seconds. */
async function putsOf(user: ApiUser): Promise<number[]> {
  const times: number[] = [];
  for (const endMs = performance.now() + windowMs; performance.now() < endMs;) {
    const file = { name: `put-${(puts += 1)}`, bytes: random.bytes(4_096) };
    const beganMs = performance.now();
    await putFiles(user, [file]);
    times.push(performance.now() - beganMs);
  }
  return times;
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? NaN;
}

function described(times: readonly number[]): string {
  return `${p99(times).toFixed(1)} ms of ${times.length}`;
}

async function workOf(world: World): Promise<{ readonly moved: number; readonly scrubbed: number }> {
  return { moved: await counted(world, 'collected_bytes_total', 'moved'), scrubbed: await counted(world, 'scrubbed_bytes_total') };
}

/** The value of one of upload's counters. */
async function counted(world: World, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${world.server().internal?.upload}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`driftbox_upload_${name}`) && one.includes(label));
  return Number(line?.slice(line.lastIndexOf(' ')) ?? 0);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
