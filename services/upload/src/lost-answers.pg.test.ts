import { randomBytes } from 'node:crypto';
import type { Transport } from '@driftbox/api-client';
import { Problem, problemDetails } from '@driftbox/protocol';
import { manualClock, waitFor } from '@driftbox/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { chunkFrame, commitFrames, newUpload, putFileOperation, putFrames, refOf } from './testing/person-requests.ts';
import { openWorld, type World } from './testing/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const pins = (open: World) => open.test.adminQuery('SELECT holder FROM pins');
const forwards = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/commits');

/** Loses the answers (or, with `before`, the questions) of the first `times` forwarded commits. */
function losing(times: number, when: 'before' | 'after') {
  let left = times;
  return (transport: Transport): Transport =>
    async (request) => {
      if (!forwards(request) || left === 0) return transport(request);
      left -= 1;
      if (when === 'after') await transport(request);
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    };
}

async function commitOne(open: World) {
  const alice = await open.person();
  const bytes = randomBytes(100);
  const { rootId } = open.metadata.drives.get(alice.drive)!.drive.drive;
  const operation = putFileOperation(rootId, 'a', [refOf(bytes)]);
  const again = () => commitFrames(alice, [chunkFrame(bytes)], [operation]);
  return {
    alice,
    again,
    outcome: await again().then(
      ({ outcomes }) => outcomes[0]?.outcome,
      (error: Problem) => error.code,
    ),
  };
}

describe('an answer that is lost on its way from metadata', () => {
  test('is asked for again, and nothing is written twice', async () => {
    world = await openWorld({ betweenMetadata: losing(2, 'after') });
    const { alice, outcome } = await commitOne(world);
    expect(outcome).toBe('committed');
    expect(world.metadata.drives.get(alice.drive)!.drive.drive.seq).toBe(1);
    expect(new Set(world.metadata.commits).size).toBe(1);
  });

  test('for ever leaves the pin; once metadata is known to know the commit it goes', async () => {
    const startedMs = Date.now();
    world = await openWorld({ betweenMetadata: losing(3, 'after'), options: { commitWithinMs: 1 }, metadataNowMs: () => startedMs });
    const { again, outcome } = await commitOne(world);
    expect(outcome).toBe('unavailable');
    expect(await pins(world)).toHaveLength(1);
    await world.upload.expire(world.tenantId);
    expect(await pins(world)).toHaveLength(0);
    expect((await again()).outcomes).toMatchObject([{ outcome: 'committed', rev: 1, seq: 1 }]);
  });

  test('when the question never arrived, the pin stays until metadata would refuse it', async () => {
    const clock = manualClock(Date.now() - 60_000);
    world = await openWorld({ betweenMetadata: losing(3, 'before'), options: { commitWithinMs: 1 }, metadataNowMs: () => clock.now() });
    const { outcome } = await commitOne(world);
    expect(outcome).toBe('unavailable');
    await world.upload.expire(world.tenantId);
    expect(await pins(world)).toHaveLength(1);
    clock.advance(61_000);
    await world.upload.expire(world.tenantId);
    expect(await pins(world)).toHaveLength(0);
  });
});

test('a clock of upload that is hours behind keeps no commit from metadata', async () => {
  world = await openWorld({ options: { nowMs: () => Date.now() - 6 * 3_600_000 }, metadataNowMs: Date.now });
  expect((await commitOne(world)).outcome).toBe('committed');
});

/** Metadata, whose brake holds whoever commits. */
const holding =
  (reason: string) =>
  (transport: Transport): Transport =>
  async (request) => {
    if (!forwards(request)) return transport(request);
    const problem = problemDetails(new Problem('locked', 'Held', { details: { reason } }));
    const headers = { 'content-type': 'application/problem+json' };
    return {
      status: problem.status,
      headers,
      body: (async function* () {
        yield Buffer.from(JSON.stringify(problem));
      })(),
    };
  };

describe('what a device sent that is refused as locked', () => {
  test('stays pinned through every expiry where the brake holds it', async () => {
    world = await openWorld({ betweenMetadata: holding('brake') });
    expect((await commitOne(world)).outcome).toBe('locked');
    await world.upload.expire(world.tenantId);
    expect(await world.test.adminQuery("SELECT FROM pins WHERE expires_at > now() + interval '29 days'")).toHaveLength(1);
  });

  test('is let go for any other reason', async () => {
    world = await openWorld({ betweenMetadata: holding('restore') });
    const open = world;
    expect((await commitOne(open)).outcome).toBe('locked');
    await waitFor(async () => (await pins(open)).length === 0, { what: 'pins to be released' });
  });
});

describe('what is over', () => {
  test('uploads end with their proofs and pins at their time, others stay', async () => {
    world = await openWorld();
    const alice = await world.person();
    const [old, young] = [newUpload(), newUpload()];
    await putFrames(alice, old, [chunkFrame(randomBytes(10))]);
    await putFrames(alice, young, [chunkFrame(randomBytes(10))]);
    await world.test.adminQuery("UPDATE uploads SET expires_at = now() - interval '1 second' WHERE upload_id = $1", [old]);
    expect(await world.upload.expire(world.tenantId)).toBe(1);
    expect(await world.test.adminQuery('SELECT upload_id FROM proofs')).toEqual([{ upload_id: young }]);
  });
});
