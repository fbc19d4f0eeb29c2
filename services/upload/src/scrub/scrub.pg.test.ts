import { createClient } from '@driftbox/api-client';
import { MemoryStore, StoreError, type PackId, type PackStore } from '@driftbox/chunk-store';
import type { Database } from '@driftbox/postgres';
import { encodeFrame, routes, type Finding } from '@driftbox/protocol';
import { createLogger, signServiceToken } from '@driftbox/service-kit';
import { recordStatements, seededRandom, type SentStatement } from '@driftbox/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { overTenants } from '../collect/upkeep-job.ts';
import { readLedger } from '../store/read-ledger.ts';
import { listDamage } from '../store/record-scrub.ts';
import { recountLedger } from '../store/recount-ledger.ts';
import { expectReadable, saveFile } from '../testing/file-life.ts';
import { chunkFrame, fetchFrames, newUpload, putFrames, sha256 } from '../testing/person-requests.ts';
import { openWorld, serviceKey, type Person, type World } from '../testing/world.ts';
import { createUpkeepMetrics } from '../upkeep-metrics.ts';

const store = new MemoryStore();
/** What the pool does to a read of these packs; how many it has answered. */
const harm = new Map<PackId, (bytes: Uint8Array) => Uint8Array>();
let reads = 0;
const packs: PackStore = {
  write: (id, bytes) => store.write(id, bytes),
  read: async (id, range) => {
    reads += 1;
    const bytes = await store.read(id, range);
    return harm.get(id)?.(bytes) ?? bytes;
  },
  stat: (id) => store.stat(id),
  list: (page) => store.list(page),
  delete: (id) => store.delete(id),
};
const gone = (): never => {
  throw new StoreError('not_found', 'gone');
};
const flipped = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(bytes);
  copy[40] = copy[40]! ^ 1;
  return copy;
};

let world: World;
let alice: Person;
let sent: readonly SentStatement[];
const registry = new Registry();
const random = seededRandom(3);
beforeAll(async () => {
  const betweenDatabase = (real: Database) => {
    const recorded = recordStatements(real);
    sent = recorded.sent;
    return recorded.database;
  };
  world = await openWorld({ packs, betweenDatabase, options: { registry, upkeep: { bytesPerSecond: 1e9, scrubWithinMs: 60_000 } } });
  alice = await world.person();
});
afterEach(() => harm.clear());
afterAll(() => world?.stop());

const save = (count: number) =>
  saveFile(
    world,
    alice,
    Array.from({ length: count }, () => random.bytes(300)),
  );
const newest = async (): Promise<PackId> =>
  (await world.test.adminQuery<{ id: PackId }>(`SELECT replace(pack_id::text, '-', '') AS id FROM packs ORDER BY created_at DESC`))[0]!.id;
/** Scrubs when every pack is due again. */
async function scrubAll(): Promise<void> {
  await world.test.adminQuery(`UPDATE packs SET verified_at = now() - interval '1 hour'`);
  await world.upload.scrub(world.tenantId);
}
const oldestShown = async (): Promise<number> =>
  Number(/^driftbox_upload_oldest_verification_seconds (.+)$/m.exec(await registry.metrics())?.[1]);
const damage = () => listDamage(world.database, world.tenantId, undefined, 100);
const contentOf = (entryId: string, headers: Record<string, string> = {}) =>
  fetch(`${world.address}/v1/drives/${alice.drive}/entries/${entryId}/content`, {
    headers: { authorization: `Bearer ${alice.token}`, ...headers },
  });
const packOf = async (piece: Buffer): Promise<PackId> =>
  (
    await world.test.adminQuery<{ id: PackId }>(
      `SELECT replace(pack_id::text, '-', '') AS id FROM chunks WHERE digest = decode($1, 'hex')`,
      [sha256(piece)],
    )
  )[0]!.id;

test('a scrub reads every pack that is due, once, and finds nothing wrong with good ones', async () => {
  const file = await save(3);
  await scrubAll();
  expect(await damage()).toEqual([]);
  const before = reads;
  await world.upload.scrub(world.tenantId);
  expect(reads).toBe(before);
  await expectReadable(alice, [file]);
});

test('a pack that is gone is found with all its chunks, its readers are told, and it heals when it is back', async () => {
  const file = await save(3);
  const other = await save(1);
  harm.set(await packOf(file.pieces[0]!), gone);
  await scrubAll();
  expect((await damage()).map(({ digest, kind }) => [digest, kind])).toEqual(file.pieces.map((piece) => [sha256(piece), 'missing']).sort());
  const told = () => world.metadata.reportedDamage.filter((digest) => file.pieces.some((piece) => sha256(piece) === digest)).sort();
  expect(told()).toEqual(file.pieces.map((piece) => sha256(piece)).sort());
  await scrubAll();
  expect(told()).toHaveLength(file.pieces.length);
  const answer = await contentOf(file.entryId);
  expect([answer.status, await answer.json()]).toEqual([500, expect.objectContaining({ code: 'content_damaged', retryable: false })]);
  await expectReadable(alice, [other]);
  harm.clear();
  await scrubAll();
  expect(await damage()).toEqual([]);
  await expectReadable(alice, [file]);
});

test('damage deep in a file breaks its first reader off; from then on it is told before the first byte, and to its owner', async () => {
  // Each is read by itself, and only the first before the answer begins.
  const file = await saveFile(
    world,
    alice,
    [1, 2, 3].map(() => random.bytes(5_000_000)),
  );
  const [, second, third] = file.pieces as [Buffer, Buffer, Buffer];
  const asked = sent.length;
  expect((await (await contentOf(file.entryId)).arrayBuffer()).byteLength).toBe(15_000_000);
  // To be told early costs nobody another question.
  expect(sent.slice(asked).map(({ name }) => name)).toEqual(['upload.find-places']);
  harm.set(await packOf(third), gone);
  const first = await contentOf(file.entryId);
  expect(first.status).toBe(200);
  await expect(first.arrayBuffer()).rejects.toThrow();
  expect((await damage()).map(({ digest }) => digest)).toContain(sha256(third));
  const again = await contentOf(file.entryId);
  expect([again.status, await again.json()]).toEqual([500, expect.objectContaining({ code: 'content_damaged', retryable: false })]);
  const part = await contentOf(file.entryId, { range: 'bytes=4999999-9999999' });
  expect(part.status).toBe(206);
  expect(sha256(new Uint8Array(await part.arrayBuffer()).subarray(1))).toBe(sha256(second));
  expect((await contentOf(file.entryId, { range: 'bytes=9999999-10000000' })).status).toBe(500);
  await world.upload.scrub(world.tenantId);
  expect(world.metadata.reportedDamage).toContain(sha256(third));
  harm.clear();
  const whole = await contentOf(file.entryId);
  expect([whole.status, sha256(new Uint8Array(await whole.arrayBuffer()))]).toEqual([200, sha256(Buffer.concat(file.pieces))]);
});

const token = () => signServiceToken(serviceKey, { caller: 'admin' });
const admin = () => createClient({ transport: world.upload.service.transport, retry: { attempts: 1 }, token });

/** By which bytes come to a tenant, other than in frames of a commit. */
const ways: Readonly<Record<string, (pieces: readonly Buffer[]) => Promise<unknown>>> = {
  'another person saves the same': async (pieces) => saveFile(world, await world.person(), pieces),
  'its owner is asked for them': async (pieces) => {
    const [uploadId, digests] = [newUpload(), pieces.map(sha256)];
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const asked = await alice.client.call(routes.askMissing, { params: { drive: alice.drive }, body: { uploadId, sizeBytes, digests } });
    expect(asked.missing.toSorted()).toEqual(digests.toSorted());
    expect(
      await putFrames(
        alice,
        uploadId,
        pieces.map((piece) => chunkFrame(piece)),
      ),
    ).toEqual(pieces.map(() => 'already'));
  },
  'a whole file comes': async ([piece]) => {
    const url = `${world.address}/v1/drives/${alice.drive}/files/again-${sha256(piece!)}`;
    const headers = { authorization: `Bearer ${alice.token}`, 'content-type': 'application/octet-stream' };
    expect((await fetch(url, { method: 'PUT', headers, body: new Uint8Array(piece!) })).status).toBeLessThan(300);
  },
  'a backup is restored': async (pieces) => {
    const params = { tenant: world.tenantId };
    const digests = pieces.map(sha256);
    expect((await admin().call(routes.askTenantChunks, { params, body: { digests } })).missing).toEqual(digests);
    const body = pieces.flatMap((piece) => [...encodeFrame(chunkFrame(piece))]);
    expect(await (await admin().stream(routes.writeTenantChunks, { params, body })).json()).toEqual({ stored: digests.length, already: 0 });
  },
};

test.each(Object.keys(ways))('what is damaged heals when %s', async (way) => {
  const file = await save(way === 'a whole file comes' ? 1 : 2);
  harm.set(await packOf(file.pieces[0]!), gone);
  await scrubAll();
  const others = (await damage()).length - file.pieces.length;
  await ways[way]!(file.pieces);
  expect(await damage()).toHaveLength(others);
  await expectReadable(alice, [file]);
  expect(await readLedger(world.database, world.tenantId)).toEqual(await recountLedger(world.database, world.tenantId));
});

test('a damaged base keeps nobody from what it is a base of', async () => {
  const old = random.bytes(3_000);
  const edited = Buffer.concat([old, random.bytes(10)]);
  await saveFile(world, alice, [old]);
  await saveFile(world, alice, [edited]);
  const fetchEdited = async () => (await fetchFrames(alice, [sha256(edited)], { [sha256(edited)]: [sha256(old)] }))[0]!;
  expect((await fetchEdited()).encoding).toBe('delta');
  harm.set(await packOf(old), gone);
  expect(await fetchEdited()).toMatchObject({ encoding: 'raw', digest: sha256(edited) });
});

test('one flipped bit is found as the damage of the one chunk that it is in', async () => {
  const file = await save(1);
  harm.set(await newest(), flipped);
  await scrubAll();
  expect(await damage()).toEqual([{ digest: sha256(file.pieces[0]!), packId: await newest(), kind: 'corrupt' }]);
});

test('a pool that is away is no damage', async () => {
  await save(1);
  harm.set(await newest(), () => {
    throw new StoreError('unavailable', 'away');
  });
  await world.test.adminQuery('DELETE FROM damaged_chunks');
  await expect(scrubAll()).rejects.toMatchObject({ cause: { code: 'unavailable' } });
  expect(await damage()).toEqual([]);
});

test('what was verified before the pool went away stays verified', async () => {
  await save(1);
  await save(1);
  harm.set(await newest(), () => {
    throw new StoreError('unavailable', 'away');
  });
  await world.test.adminQuery(`UPDATE packs SET verified_at = now() - interval '1 hour'`);
  await world.test.adminQuery(`UPDATE packs SET verified_at = now() - interval '50 minutes' WHERE pack_id = $1::uuid`, [await newest()]);
  await expect(world.upload.scrub(world.tenantId)).rejects.toMatchObject({ cause: { code: 'unavailable' } });
  const due = await world.test.adminQuery<{ id: PackId }>(
    `SELECT replace(pack_id::text, '-', '') AS id FROM packs WHERE verified_at < now() - interval '30 minutes'`,
  );
  expect(due.map(({ id }) => id)).toEqual([await newest()]);
});

test('a pack that cannot be looked at keeps no other from its scrub, and the age of what was not verified is shown', async () => {
  await world.test.adminQuery('DELETE FROM damaged_chunks');
  const files = [];
  for (let n = 0; n < 5; n += 1) files.push(await save(1));
  const ids = await Promise.all(files.map((file) => packOf(file.pieces[0]!)));
  const [first, second, third] = ids as [PackId, PackId, PackId];
  const away = () => {
    throw new StoreError('unavailable', 'a disk that cannot read this');
  };
  harm.set(first, away);
  // No such key: what it was wrapped by is lost.
  await world.test.adminQuery('UPDATE packs SET generation = 7 WHERE pack_id = $1::uuid', [second]);
  harm.set(third, gone);
  await world.test.adminQuery(`UPDATE packs SET verified_at = now() - interval '1 hour'`);
  for (const [index, id] of ids.entries())
    await world.test.adminQuery(`UPDATE packs SET verified_at = now() - make_interval(hours => 9 - $2) WHERE pack_id = $1::uuid`, [
      id,
      index,
    ]);
  await expect(world.upload.scrub(world.tenantId)).rejects.toThrow(first);
  expect((await damage()).map(({ packId }) => packId)).toEqual([third]);
  const due = await world.test.adminQuery<{ id: PackId }>(
    `SELECT replace(pack_id::text, '-', '') AS id FROM packs WHERE verified_at < now() - interval '30 minutes' ORDER BY verified_at`,
  );
  expect(due.map(({ id }) => id)).toEqual([first, second]);
  expect(await oldestShown()).toBeGreaterThan(8 * 3_600);
  await world.test.adminQuery('UPDATE packs SET generation = 1 WHERE pack_id = $1::uuid', [second]);
});

/** What a check of the whole tenant finds. */
async function check(repair = false): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let place: string | undefined; ;) {
    const body = { repair, ...(place === undefined ? {} : { place }) };
    const answer = await admin().call(routes.checkTenantInUpload, { params: { tenant: world.tenantId }, body });
    findings.push(...answer.findings);
    place = answer.place;
    if (place === undefined) return findings;
  }
}

test('a check of a tenant names what is damaged by revision, and repairs the ledger', async () => {
  const file = await save(2);
  expect(await check()).toEqual([]);
  harm.set(await newest(), gone);
  const revision = { drive: alice.drive, owner: alice.userId, entryId: file.entryId, rev: 1 };
  const digests = file.pieces.map(sha256).sort();
  const told = (problem: string) =>
    digests.map((digest) => expect.objectContaining({ problem, digest, revisions: [expect.objectContaining(revision)] }));
  const byDigest = (findings: Finding[]) => findings.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  expect(byDigest(await check())).toEqual(told('chunk_missing'));
  expect((await damage()).map(({ digest }) => digest)).toEqual(digests);
  harm.clear();
  await world.test.adminQuery('UPDATE physical_ledger SET pack_bytes = pack_bytes + 5, chunks = chunks + 1');
  expect(await check()).toMatchObject([{ problem: 'ledger_drift', repaired: false }]);
  expect(await check(true)).toMatchObject([{ problem: 'ledger_drift', repaired: true }]);
  expect(await check()).toEqual([]);
});

test('a chunk whose row is lost is found in its pack and known again, unless the pack is gone or about to go', async () => {
  const file = await save(2);
  const packId = await newest();
  const digests = file.pieces.map(sha256);
  const loseRow = (digest: string) => world.test.adminQuery(`DELETE FROM chunks WHERE digest = decode($1, 'hex')`, [digest]);
  const revisions = [expect.objectContaining({ entryId: file.entryId, rev: 1 })];
  const unknown = (digest: string) => ({ problem: 'chunk_unknown', digest, revisions, repaired: false });
  const found = (digest: string) => ({ ...unknown(digest), packId, repaired: true });
  const drift = (repaired: boolean) => expect.objectContaining({ problem: 'ledger_drift', repaired });

  await loseRow(digests[0]!);
  expect(await check()).toEqual([unknown(digests[0]!), drift(false)]);
  expect(await check(true)).toEqual([found(digests[0]!)]);
  expect(await check()).toEqual([]);

  await loseRow(digests[0]!);
  harm.set(packId, gone);
  const other = expect.objectContaining({ problem: 'chunk_missing', digest: digests[1] });
  expect(await check(true)).toEqual([other, unknown(digests[0]!), drift(true)]);
  harm.clear();
  expect(await check(true)).toEqual([found(digests[0]!)]);

  for (const digest of digests) await loseRow(digest);
  await world.test.adminQuery(`UPDATE packs SET live_bytes = 0, dead_at = now() - interval '6 minutes' WHERE pack_id = $1::uuid`, [packId]);
  const unrepaired = { problem: 'chunk_unknown', repaired: false };
  expect(await check(true)).toMatchObject([unrepaired, unrepaired, { problem: 'ledger_drift' }]);
  await world.test.adminQuery(`UPDATE packs SET dead_at = now() WHERE pack_id = $1::uuid`, [packId]);
  expect(await check(true)).toHaveLength(2);
  expect(await check()).toEqual([]);
  await expectReadable(alice, [file]);
});

test('a place that no check answered is refused', async () => {
  for (const place of ['packs x', 'references x', 'drives x', 'nowhere ']) {
    const asked = admin().call(routes.checkTenantInUpload, { params: { tenant: world.tenantId }, body: { place } });
    await expect(asked).rejects.toMatchObject({ code: 'invalid_argument' });
  }
});

test('a check of many packs finds each that is damaged, and notes some at a time', async () => {
  for (let n = 0; n < 12; n += 1) await save(1);
  const all = await world.test.adminQuery<{ id: PackId }>(
    `SELECT replace(pack_id::text, '-', '') AS id FROM packs WHERE live_bytes > 0 ORDER BY pack_id`,
  );
  const damaged = [all[0]!.id, all.at(-1)!.id];
  for (const id of damaged) harm.set(id, gone);
  const findings = await check();
  expect([...new Set(findings.flatMap((one) => ('packId' in one ? one.packId : [])))].sort()).toEqual(damaged);
  const [{ count } = { count: 0 }] = await world.test.adminQuery<{ count: number }>(
    'SELECT count(DISTINCT verified_at)::int AS count FROM packs',
  );
  expect(count).toBeLessThanOrEqual(Math.ceil(all.length / 8));
});

test('a round over all tenants shows how many it has done and has left, one that fails among them', async () => {
  await save(1);
  const registry = new Registry();
  const shown = async () =>
    [...(await registry.metrics()).matchAll(/^driftbox_round_tenants{round="recount",state="\w+"} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
  const seen: (readonly [string, ...number[]])[] = [];
  const log = createLogger({ service: 'test', level: 'silent' });
  const context = { database: world.database, upkeepMetrics: createUpkeepMetrics(registry) };
  const round = overTenants(context, log, 'recount', async (tenantId) => {
    seen.push([tenantId, ...(await shown())]);
    throw new Error('it takes too long');
  });
  await round(new AbortController().signal);
  expect(seen).toEqual([[world.tenantId, 0, 1]]);
  expect(await shown()).toEqual([1, 0]);
});
