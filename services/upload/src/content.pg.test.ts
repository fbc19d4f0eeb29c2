import { randomBytes, randomUUID } from 'node:crypto';
import { routes } from '@driftbox/protocol';
import { manualClock } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkFrame, commitFrames, putFileOperation, refOf } from './testing/person-requests.ts';
import { openWorld, type Person, type World } from './testing/world.ts';

const clock = manualClock(Date.now());
let world: World;
let alice: Person;
let entryId: string;
const bytes = randomBytes(2_500_000);
beforeAll(async () => {
  world = await openWorld({ options: { nowMs: () => clock.now(), recheckMs: 60_000 } });
  alice = await world.person();
  const parts = [bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000, 2_000_000), bytes.subarray(2_000_000)];
  const operation = putFileOperation(rootId(), 'page.HTML', parts.map(refOf));
  await commitFrames(
    alice,
    parts.map((part) => chunkFrame(part)),
    [operation],
  );
  ({ entryId } = operation);
});
afterAll(() => world?.stop());

const rootId = () => world.metadata.drives.get(alice.drive)!.drive.drive.rootId;
async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${world.address}${path}`, { headers });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}
const content = (headers: Record<string, string> = {}, query = '') =>
  get(`/v1/drives/${alice.drive}/entries/${entryId}/content${query}`, { authorization: `Bearer ${alice.token}`, ...headers });
const urlOf = async (person: Person, body: { ttlSeconds?: number; rev?: number; disposition?: 'inline' | 'attachment' } = {}) =>
  (await person.client.call(routes.createContentUrl, { params: { drive: alice.drive, entry: entryId }, body })).path;

describe('content', () => {
  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=999999-1000000', 999_999, 1_000_001],
    ['bytes=1500000-', 1_500_000, 2_500_000],
    ['bytes=-10', 2_499_990, 2_500_000],
    ['bytes=2499999-9999999', 2_499_999, 2_500_000],
  ])('%s is that part', async (range, start, end) => {
    const part = await content({ range });
    expect(part.status).toBe(206);
    expect(part.bytes.equals(bytes.subarray(start, end))).toBe(true);
    expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/2500000`);
    expect(part.headers.get('content-length')).toBe(String(end - start));
  });

  test('a range behind the end is 416, several ranges are the whole', async () => {
    const behind = await content({ range: 'bytes=2500000-' });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */2500000']);
    expect((await content({ range: 'bytes=0-1,5-6' })).bytes.equals(bytes)).toBe(true);
  });

  test('conditions: If-None-Match and If-Range', async () => {
    const etag = (await content()).headers.get('etag')!;
    const unchanged = await content({ 'if-none-match': etag });
    expect([unchanged.status, unchanged.bytes.length]).toEqual([304, 0]);
    expect((await content({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await content({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  });

  test('is harmless in a browser', async () => {
    const { headers } = await content();
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="page.HTML"/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('of what is not there is not_found', async () => {
    expect((await content({}, '?rev=9')).status).toBe(404);
    const bob = await world.person();
    expect((await content({ authorization: `Bearer ${bob.token}` })).status).toBe(404);
  });
});

describe('a signed URL', () => {
  test('reads without authorisation, honours Range, and ends', async () => {
    const path = await urlOf(alice, { ttlSeconds: 60 });
    const part = await get(path, { range: 'bytes=10-19' });
    expect([part.status, part.bytes.equals(bytes.subarray(10, 20))]).toEqual([206, true]);
    clock.advance(59_000);
    expect((await get(path)).status).toBe(200);
    clock.advance(1_000);
    expect((await get(path)).status).toBe(404);
  });

  test('forged, truncated or of another tenant is not_found, all alike', async () => {
    const path = await urlOf(alice);
    const token = path.split('/').at(-1) ?? '';
    const bytesOfToken = Buffer.from(token, 'base64url');
    const flipped = (at: number) => bytesOfToken.with(at, (bytesOfToken.at(at) ?? 0) ^ 1);
    const forged = [0, 20, bytesOfToken.length - 1].map((at) => Buffer.from(flipped(at)).toString('base64url'));
    const stranger = await openWorld();
    try {
      for (const wrong of [...forged, token.slice(0, -4), `AAAA${token}`, 'x'.repeat(20)]) {
        const { status, bytes: body } = await get(`/v1/content/${wrong}`);
        expect([status, (JSON.parse(body.toString()) as { code: string }).code]).toEqual([404, 'not_found']);
      }
      expect((await fetch(`${stranger.address}${path}`)).status).toBe(404);
    } finally {
      await stranger.stop();
    }
  });

  test('goes no further than who made it may read', async () => {
    const bob = await world.person();
    await expect(urlOf(bob)).rejects.toMatchObject({ code: 'not_found' });
    const { members } = world.metadata.drives.get(alice.drive)!;
    members.set(bob.userId, 'viewer');
    const path = await urlOf(bob);
    expect((await get(path)).status).toBe(200);
    members.delete(bob.userId);
    expect((await get(path)).status).toBe(404);
  });

  test.each([
    ['within a minute', 61_000],
    ['though the clock is set back a day', -86_400_000],
  ])('stops a running download, whose access ended, %s', async (_when, byMs) => {
    const bob = await world.person();
    const { members } = world.metadata.drives.get(alice.drive)!;
    members.set(bob.userId, 'viewer');
    // Large enough that no buffer between server and reader holds the rest of it.
    const parts = Array.from({ length: 12 }, () => randomBytes(4_000_000));
    const operation = putFileOperation(rootId(), randomUUID(), parts.map(refOf));
    for (const part of parts) await commitFrames(alice, [chunkFrame(part)], [putFileOperation(rootId(), randomUUID(), [refOf(part)])]);
    await commitFrames(alice, [], [operation]);
    const { path } = await bob.client.call(routes.createContentUrl, {
      params: { drive: alice.drive, entry: operation.entryId },
      body: {},
    });
    const answer = await fetch(`${world.address}${path}`);
    const reader = answer.body!.getReader();
    await reader.read();
    members.delete(bob.userId);
    clock.jump(byMs);
    let read = 0;
    await expect(
      (async () => {
        for (let next = await reader.read(); !next.done; next = await reader.read()) read += next.value.length;
      })(),
    ).rejects.toThrow();
    expect(read).toBeLessThan(40_000_000);
  });
});
